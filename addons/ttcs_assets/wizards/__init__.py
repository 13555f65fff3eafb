from . import ttcs_tag_revoke

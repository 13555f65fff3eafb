from . import test_demo_province
from . import test_depreciation
from . import test_equipment
from . import test_labels
from . import test_spoken_code
from . import test_tag
from . import test_tag_code

"""The texts of the kit's modules, for translation.

Odoo does not look for texts in ``static/light``, hence each that a module there passes to
``t("…")`` stands here too; a test compares the two.  ``NO_SCRIPT`` is shown by the page itself.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

NO_SCRIPT = _lt("This page needs JavaScript. Switch it on, or open it in another browser.")

KIT_TERMS = (
    # dom.js
    _lt("Close"),
    # net.js
    _lt("No connection."),
    _lt("Sign in again to send."),
    _lt("The server did not answer in time."),
    _lt("The server refused this."),
    _lt("The server is in trouble (%(status)s)."),
    # outbox.js
    _lt("The server did not say whether it has this."),
    _lt(
        "This has been sent meanwhile, so it was not saved a second time. Look at the queue and "
        "at the record."
    ),
    # photo.js
    _lt("This file is not a photo. Choose a JPEG or PNG picture."),
    _lt("This picture is too large for the phone. Take it again at a lower resolution."),
    _lt("This phone cannot read the picture. Take it again, as JPEG, at a lower resolution."),
    _lt("The phone has too little memory for this picture."),
    # position.js
    _lt("This phone cannot tell its position."),
    _lt("No position found. Step into the open, then try again."),
    _lt("Allow this page to use the position, then try again."),
    _lt("%(distance)s m away"),
    _lt("%(distance)s km away"),
    # queue.js
    _lt("Waiting to be sent"),
    _lt("Being sent"),
    _lt("Refused"),
    _lt("Changed by someone else first"),
    _lt("Save unsent data as a file"),
    _lt("Not sent yet"),
    _lt("%(count)s not sent yet"),
    _lt("%(count)s sent, its answer to be read"),
    _lt("Everything has been sent."),
    _lt("Correct it"),
    _lt("Read, take it off the list"),
    _lt("Send it again"),
    _lt("Send now"),
    _lt("Delete"),
    _lt("Delete this without sending it?"),
    # scan.js
    _lt("Lamp"),
    _lt("Start the camera"),
    _lt("Code under the QR"),
    _lt("Scan a QR code"),
    _lt("Starting the camera…"),
    _lt("Hold the phone over the QR code."),
    _lt("Code read."),
    _lt("Look up"),
    _lt("Allow this page to use the camera, or type the code."),
    _lt("No camera found. Type the code."),
    _lt("Another app is using the camera. Close it, or type the code."),
    _lt("The camera does not start. Type the code."),
    # signature.js
    _lt("Field to sign in with a finger"),
    _lt("Full name"),
    _lt("Clear the signature"),
    _lt("I sign with my typed name instead"),
    # store.js
    _lt("The phone's storage is full. Nothing was saved: free some space, then try again."),
    _lt("Close the other tabs of this page, then reload it."),
    _lt("This page is out of date. Reload it."),
    _lt("The phone could not save this. Try again."),
    # update.js
    _lt("A new version is ready."),
    _lt("Tap to update"),
)

/** On a technician's phone the public face of a tag leads on to the field app. */

const code = location.pathname.split("/").pop();
// The app's own link to this page ends so.
const wanted = location.hash === "#face";
if (code && !wanted && localStorage.getItem("ttcs-kt-phone")) {
    location.replace(`/kt/#a=${encodeURIComponent(code)}`);
}

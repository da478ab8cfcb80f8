// A button that asks the browser where it is, only when pressed; what leaves it is rounded to 0.01 degree, about 1 km.
const DIGITS = 2;
const WAIT_MS = 15000;
const REASONS = { 1: "denied", 2: "unavailable", 3: "timeout" };

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const button = parentElement.querySelector("button");
  const told = parentElement.querySelector("[role=status]");
  button.textContent = data.label;
  const tell = (answer) => {
    button.disabled = false;
    told.textContent = "";
    setTriggerValue("found", answer);
  };
  const rounded = (number) => Number(number.toFixed(DIGITS));
  button.onclick = () => {
    if (!navigator.geolocation || !window.isSecureContext) return tell({ reason: "unsupported" });
    button.disabled = true;
    told.textContent = data.waiting;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => tell({ latitude: rounded(coords.latitude), longitude: rounded(coords.longitude) }),
      (failure) => tell({ reason: REASONS[failure.code] ?? "unavailable" }),
      { enableHighAccuracy: false, timeout: WAIT_MS, maximumAge: 600000 },
    );
  };
  return () => {
    button.onclick = null;
  };
}

// Draws what access.maps describes. Shapes come from static files, once; each rerun brings classes and points.
// A name from the data becomes text (textContent), never HTML.
"use strict";

const accessMap = (() => {
  const GEO = "../../app/static/geo/";
  const LAND = { color: "#82878c", weight: 1, fillColor: "#f4f4f2", fillOpacity: 1 };
  const STATE_BORDER = { color: "#5f6368", weight: 1, fill: false };
  const AREA = { weight: 0.5, fillOpacity: 1 };
  const THIN = 0.15;
  const NATION_ZOOM = 4.5;
  const REACH = { color: "#1a1a1a", weight: 2, dashArray: "6 6", fill: false };
  const OUTLINES = "Outlines: US Census Bureau, 2017";
  const UNLOADED = "The outlines could not be loaded. The table beside the map holds the same facts.";
  const drawn = { key: {}, files: {} };

  function show(map, scene) {
    if (!drawn.map) begin(map);
    name(map, scene.title);
    once("bounds", scene.bounds, () => fit(map, scene.bounds));
    once("tiles", scene.tiles, () => tiles(map, scene.tiles));
    once("points", scene.points, () => points(map, scene.points));
    once("reach", scene.reach, () => reach(map, scene.reach));
    areas(map, scene.areas).catch((failure) => complain(map, failure));
  }

  function once(part, value, draw) {
    const key = JSON.stringify(value);
    if (drawn.key[part] === key) return;
    drawn.key[part] = key;
    draw();
  }

  function begin(map) {
    drawn.map = map;
    map.attributionControl.setPrefix(false).addAttribution(OUTLINES);
    drawn.land = pane(map, "land", 200);
    drawn.fills = pane(map, "fills", 300, true);
    drawn.borders = pane(map, "borders", 350);
    drawn.tooltip = L.tooltip({ sticky: true, className: "access-tooltip" });
    drawn.points = L.layerGroup().addTo(map);
    calm(map);
    map.on("zoomend", () => thin(map));
    new ResizeObserver(() => settle(map)).observe(map.getContainer());
    load("states").then((topology) => states(map, topology)).catch((failure) => complain(map, failure));
  }

  // A frame that is not laid out yet has no size, and bounds fitted to nothing end at the deepest zoom.
  function fit(map, bounds) {
    const box = map.getContainer().getBoundingClientRect();
    drawn.waiting = box.width && box.height ? null : bounds;
    if (drawn.waiting) return;
    map.invalidateSize({ animate: false });
    map.closePopup().fitBounds(bounds, { animate: false, padding: [8, 8] });
  }

  function settle(map) {
    map.invalidateSize();
    if (drawn.waiting) fit(map, drawn.waiting);
  }

  // White borders would hide small counties when the whole nation is in sight.
  function thin(map) {
    const weight = map.getZoom() < NATION_ZOOM ? THIN : AREA.weight;
    if (!drawn.areas || drawn.weight === weight) return;
    drawn.weight = weight;
    drawn.areas.setStyle({ weight });
  }

  // The page scrolls under one finger and under the wheel; two fingers, buttons and a click first move the map.
  function calm(map) {
    if (window.matchMedia("(pointer: coarse)").matches) map.dragging.disable();
    map.scrollWheelZoom.disable();
    map.on("click", () => map.scrollWheelZoom.enable());
    map.getContainer().addEventListener("mouseleave", () => map.scrollWheelZoom.disable());
  }

  function pane(map, id, height, heard = false) {
    const element = map.createPane(id);
    element.style.zIndex = height;
    if (!heard) element.style.pointerEvents = "none";
    return L.canvas({ pane: id, padding: 0.2 });
  }

  function name(map, title) {
    const element = map.getContainer();
    element.setAttribute("role", "region");
    element.setAttribute("aria-label", title);
    if (window.frameElement) window.frameElement.title = title;
  }

  function load(source) {
    drawn.files[source] ??= fetch(GEO + source + ".json").then((reply) => {
      if (!reply.ok) throw new Error(source + ".json: " + reply.status);
      return reply.json();
    });
    return drawn.files[source];
  }

  function complain(map, failure) {
    console.error("The outlines could not be drawn.", failure);
    map.attributionControl.addAttribution(UNLOADED);
  }

  // The Aleutians reach past 180 degrees: they are drawn beside Alaska, not in Asia.
  function latLng([longitude, latitude]) {
    return L.latLng(latitude, longitude > 0 ? longitude - 360 : longitude);
  }

  function geoJson(features, renderer, style, interactive) {
    const options = { renderer, pane: renderer.options.pane, interactive, smoothFactor: 0.7, coordsToLatLng: latLng };
    return L.geoJSON(features, { ...options, style: () => style });
  }

  function states(map, topology) {
    const object = topology.objects.states;
    geoJson(topojson.feature(topology, object), drawn.land, LAND, false).addTo(map);
    geoJson(topojson.mesh(topology, object), drawn.borders, STATE_BORDER, false).addTo(map);
  }

  async function areas(map, wanted) {
    drawn.wanted = wanted;
    if (!wanted) return clearAreas();
    const [topology, ofStates] = await Promise.all([load(wanted.source), load("states")]);
    if (drawn.wanted !== wanted) return;
    once("areas", [wanted.source, wanted.prefix, wanted.border], () => layAreas(map, topology, ofStates, wanted));
    paint(wanted);
  }

  function clearAreas() {
    drawn.key.areas = undefined;
    drawn.tooltip.remove();
    if (drawn.areas) drawn.areas.remove();
    drawn.areas = null;
  }

  function layAreas(map, topology, ofStates, wanted) {
    clearAreas();
    drawn.key.areas = JSON.stringify([wanted.source, wanted.prefix, wanted.border]);
    const states = new Map(ofStates.objects.states.geometries.map((state) => [state.id, state.properties.name]));
    const all = topojson.feature(topology, topology.objects[wanted.source]).features;
    const shown = all.filter((area) => area.id.startsWith(wanted.prefix));
    drawn.areas = geoJson(shown, drawn.fills, { ...AREA, color: wanted.border }, true);
    drawn.byCode = new Map(drawn.areas.getLayers().map((layer) => [layer.feature.id, layer]));
    for (const [code, layer] of drawn.byCode) {
      layer.access = { name: [layer.feature.properties.name, states.get(code.slice(0, 2))].filter(Boolean).join(", ") };
    }
    drawn.areas.on("mouseover mousemove", (event) => tell(map, event)).on("mouseout", () => drawn.tooltip.remove());
    drawn.areas.addTo(map);
    drawn.weight = AREA.weight;
    thin(map);
  }

  // The classes come in the order of the codes; the checksum of all codes proves that both sides mean the same.
  function paint(wanted) {
    const codes = [...drawn.byCode.keys()].sort();
    if (checksum(codes.join("")) !== wanted.checksum) throw new Error("The outlines are of another version.");
    codes.forEach((code, index) => {
      const layer = drawn.byCode.get(code);
      const colour = wanted.colours[wanted.classes[index]];
      const fillColor = colour === null ? hatched() : colour;
      layer.access.label = wanted.labels[index];
      if (layer.options.fillColor !== fillColor) layer.setStyle({ fillColor });
    });
  }

  function checksum(text) {
    let crc = -1;
    for (const letter of text) {
      crc ^= letter.charCodeAt(0);
      for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
    }
    return (crc ^ -1) >>> 0;
  }

  function hatched() {
    if (drawn.hatch) return drawn.hatch;
    const tile = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
    const pen = tile.getContext("2d");
    pen.fillStyle = "#e6e6e6";
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = "#767676";
    for (const shift of [-8, 0, 8]) {
      pen.moveTo(shift - 1, 9);
      pen.lineTo(shift + 9, -1);
    }
    pen.stroke();
    drawn.hatch = pen.createPattern(tile, "repeat");
    return drawn.hatch;
  }

  function tell(map, event) {
    const about = event.propagatedFrom.access;
    if (!about) return;
    drawn.tooltip.setContent(lines([about.name, about.label])).setLatLng(event.latlng);
    if (!map.hasLayer(drawn.tooltip)) drawn.tooltip.addTo(map);
  }

  function lines(texts) {
    const box = document.createElement("div");
    texts.filter(Boolean).forEach((text, index) => box.append(element(index ? "div" : "strong", text)));
    return box;
  }

  function element(tag, text) {
    return Object.assign(document.createElement(tag), { textContent: text });
  }

  function points(map, groups) {
    drawn.points.clearLayers();
    for (const group of groups) {
      const home = group.radius ? clusters(group.radius) : L.layerGroup();
      group.points.forEach((point) => home.addLayer(marker(point, group.kind)));
      drawn.points.addLayer(home);
    }
  }

  // Sites in one ZIP stand on one spot: they are drawn as their number, and a click spreads them out.
  function clusters(radius) {
    const iconCreateFunction = (cluster) => {
      const html = element("span", cluster.getChildCount() + "×");
      return L.divIcon({ className: "access-cluster", html, iconSize: [34, 34] });
    };
    return L.markerClusterGroup({ showCoverageOnHover: false, maxClusterRadius: radius, iconCreateFunction });
  }

  function marker(point, kind) {
    const vague = point.approximate ? " access-approximate" : "";
    const sign = element("span", point.sign);
    const icon = L.divIcon({ className: "access-point access-" + kind + vague, html: sign, iconSize: [24, 24] });
    const made = L.marker(latLng([point.longitude, point.latitude]), { icon, title: point.name });
    return made.bindPopup(() => card(point), { maxWidth: 260 });
  }

  function card(point) {
    const box = lines([point.name, ...point.details]);
    if (point.link) {
      const link = { href: point.link, target: "_blank", rel: "noopener noreferrer" };
      box.append(Object.assign(element("a", point.link), link));
    }
    return box;
  }

  function reach(map, circle) {
    if (drawn.reach) drawn.reach.remove();
    drawn.reach = null;
    if (!circle) return;
    const centre = latLng([circle.longitude, circle.latitude]);
    const place = { renderer: drawn.borders, pane: "borders", interactive: false };
    drawn.reach = L.circle(centre, { ...REACH, ...place, radius: circle.km * 1000 }).addTo(map);
  }

  function tiles(map, source) {
    if (drawn.tiles) drawn.tiles.remove();
    drawn.tiles = null;
    map.getPane("land").style.display = source ? "none" : "";
    map.getPane("fills").style.opacity = source ? 0.6 : 1;
    if (!source) return;
    const options = { attribution: source.attribution, maxZoom: 19, referrerPolicy: "origin" };
    drawn.tiles = L.tileLayer(source.url, options).addTo(map);
  }

  return { show };
})();

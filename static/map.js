// Draws what access.maps describes. Shapes come from static files, once; each rerun brings classes and points.
// A name from the data becomes text (textContent), never HTML.
"use strict";

const accessMap = (() => {
  const STATIC = "../../app/static/";
  const GEO = STATIC + "geo/";
  const LAND = { color: "#82878c", weight: 1, fillColor: "#f4f4f2", fillOpacity: 1 };
  const STATE_BORDER = { color: "#5f6368", weight: 1, fill: false };
  const AREA = { weight: 0.5, fillOpacity: 1 };
  const THIN = 0.15;
  const NATION_ZOOM = 4.5;
  const REACH = { color: "#1a1a1a", weight: 2, dashArray: "6 6", fill: false };
  const SIGNS = { clinic: "", origin: "★", added: "+", closed: "×" };
  const OUTLINES = "Outlines: US Census Bureau, 2017";
  const UNLOADED = "The outlines could not be loaded. The table beside the map holds the same facts.";
  // Of a hexagon's width, by how many people live there: empty land does not shout.
  const SIZES = { 0: 0.3, 1: 0.5, 2: 0.7, 3: 0.92 };
  const drawn = { key: {}, files: {}, sheets: {}, panes: {}, weight: AREA.weight };

  function show(map, scene) {
    if (!drawn.map) begin(map);
    name(map, scene.title);
    once("bounds", scene.bounds, () => fit(map, scene.bounds));
    once("tiles", scene.tiles, () => tiles(map, scene.tiles));
    once("points", scene.points, () => points(map, scene.points));
    once("reach", scene.reach, () => reach(map, scene.reach));
    for (const side of ["areas", "against"]) {
      areas(map, side, scene[side]).catch((failure) => complain(map, failure));
    }
    once("swipe", scene.sides, () => swipe(map, scene.sides));
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
    drawn.panes.areas = pane(map, "fills", 300, true);
    drawn.panes.against = pane(map, "against", 310, true);
    for (const id of ["left", "right"]) map.createPane(id).style.zIndex = 600;
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
    if (drawn.weight === weight) return;
    drawn.weight = weight;
    for (const sheet of Object.values(drawn.sheets)) sheet.group?.setStyle({ weight });
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

  async function areas(map, side, wanted) {
    const sheet = (drawn.sheets[side] ??= {});
    sheet.wanted = wanted;
    if (!wanted) return clear(sheet);
    const [features, ofStates] = await Promise.all([featuresOf(wanted), load("states")]);
    if (sheet.wanted !== wanted) return;
    const key = JSON.stringify([wanted.source, wanted.prefix, wanted.border, wanted.checksum]);
    if (sheet.key !== key) lay(map, side, sheet, features, ofStates);
    sheet.key = key;
    paint(sheet);
  }

  function clear(sheet) {
    sheet.key = undefined;
    drawn.tooltip.remove();
    sheet.group?.remove();
    sheet.group = null;
  }

  async function featuresOf(wanted) {
    if (wanted.source === "hexagons") return hexagons(await script("h3-js/h3-js.umd.js", "h3"), wanted);
    const topology = await load(wanted.source);
    const all = topojson.feature(topology, topology.objects[wanted.source]).features;
    const only = wanted.only === undefined ? null : new Set(wanted.only.split(" "));
    return all.filter((area) => area.id.startsWith(wanted.prefix) && (!only || only.has(area.id)));
  }

  // The cells come without the digits that all of them share.
  function hexagons(grid, wanted) {
    return wanted.cells.split(" ").map((cell, index) => {
      const id = wanted.prefix + cell + wanted.suffix;
      const size = SIZES[wanted.sizes[index]];
      const [latitude, longitude] = grid.cellToLatLng(id);
      const ring = grid.cellToBoundary(id).map(([north, east]) => {
        const east1 = east - longitude > 180 ? east - 360 : longitude - east > 180 ? east + 360 : east;
        return [longitude + (east1 - longitude) * size, latitude + (north - latitude) * size];
      });
      const geometry = { type: "Polygon", coordinates: [[...ring, ring[0]]] };
      return { type: "Feature", id, properties: { name: wanted.noun }, geometry };
    });
  }

  function script(path, name) {
    drawn.files[path] ??= new Promise((done, fail) => {
      const element = Object.assign(document.createElement("script"), { src: STATIC + "vendor/" + path });
      element.onload = () => done(window[name]);
      element.onerror = () => fail(new Error(path));
      document.head.append(element);
    });
    return drawn.files[path];
  }

  function lay(map, side, sheet, features, ofStates) {
    clear(sheet);
    const states = new Map(ofStates.objects.states.geometries.map((state) => [state.id, state.properties.name]));
    const style = { ...AREA, weight: drawn.weight, color: sheet.wanted.border };
    sheet.group = geoJson(features, drawn.panes[side], style, true);
    sheet.byCode = new Map(sheet.group.getLayers().map((layer) => [layer.feature.id, layer]));
    const isCounty = sheet.wanted.source === "counties";
    for (const [code, layer] of sheet.byCode) {
      const state = isCounty ? states.get(code.slice(0, 2)) : "";
      layer.access = { sheet, name: [layer.feature.properties.name, state].filter(Boolean).join(", ") };
    }
    sheet.group.on("mouseover mousemove", (event) => tell(map, event)).on("mouseout", () => drawn.tooltip.remove());
    sheet.group.addTo(map);
    thin(map);
  }

  // The classes come in the order of the codes; the checksum of all codes proves that both sides mean the same.
  function paint({ byCode, wanted }) {
    const codes = [...byCode.keys()].sort();
    if (checksum(codes.join("")) !== wanted.checksum) throw new Error("The outlines are of another version.");
    codes.forEach((code, index) => {
      const layer = byCode.get(code);
      const colour = wanted.colours[wanted.classes[index]];
      const fillColor = colour === null ? hatched() : colour;
      layer.access.index = index;
      if (layer.options.fillColor !== fillColor) layer.setStyle({ fillColor });
    });
  }

  // What is said of an area: its own text, or its figures put into the sentence that all share.
  function label({ wanted }, index) {
    if (index in wanted.texts) return wanted.texts[index];
    wanted.facts ??= wanted.columns.map((column) => column.split("|"));
    const facts = wanted.facts.map((column) => column[index]);
    if (!facts[0]) return wanted.missing;
    return wanted.template.replace(/\{(\d)\}/g, (_, number) => facts[number] ?? "");
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
    const side = about.sheet.wanted.side;
    drawn.tooltip.setContent(lines([about.name, side, label(about.sheet, about.index)])).setLatLng(event.latlng);
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
      const home = group.radius ? clusters(group.radius, group.pane) : L.layerGroup();
      group.points.forEach((point) => home.addLayer(marker(point, group)));
      drawn.points.addLayer(home);
    }
  }

  // Sites in one ZIP stand on one spot: they are drawn as their number, and a click spreads them out.
  function clusters(radius, clusterPane) {
    const iconCreateFunction = (cluster) => {
      const html = element("span", cluster.getChildCount() + "×");
      return L.divIcon({ className: "access-cluster", html, iconSize: [34, 34] });
    };
    return L.markerClusterGroup({
      showCoverageOnHover: false, maxClusterRadius: radius, iconCreateFunction, clusterPane,
    });
  }

  function marker([latitude, longitude, name, vague, sign, details, link], { kind, pane }) {
    const className = "access-point access-" + kind + (vague ? " access-approximate" : "");
    const icon = L.divIcon({ className, html: element("span", sign ?? SIGNS[kind]), iconSize: [24, 24] });
    const made = L.marker(latLng([longitude, latitude]), { icon, pane, title: name });
    const point = { name, details: details ? details.split("\n") : [], link };
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

  // Two choices on one map: a slider parts them, to its left the first, to its right the second.
  function swipe(map, sides) {
    drawn.swipe?.remove();
    drawn.swipe = null;
    map.off("move resize", part);
    if (!sides) return part.call(map);
    const box = Object.assign(document.createElement("div"), { className: "access-swipe" });
    const range = { type: "range", min: 0, max: 100, value: 50, title: sides.join(" | ") };
    const slider = Object.assign(document.createElement("input"), range);
    slider.setAttribute("aria-label", range.title);
    slider.addEventListener("input", () => part.call(map));
    box.append(element("span", sides[0]), slider, element("span", sides[1]), element("i", ""));
    L.DomEvent.disableClickPropagation(box);
    map.getContainer().append(box);
    drawn.swipe = box;
    map.on("move resize", part);
    part.call(map);
  }

  function part() {
    const size = this.getSize();
    const at = drawn.swipe ? (size.x * drawn.swipe.querySelector("input").value) / 100 : size.x;
    if (drawn.swipe) drawn.swipe.querySelector("i").style.left = at + "px";
    const corner = this.containerPointToLayerPoint([0, 0]);
    const [top, left, bottom, right] = [corner.y, corner.x, corner.y + size.y, corner.x + size.x];
    const line = corner.x + at;
    for (const [id, from, to] of [["fills", left, line], ["left", left, line], ["against", line, right], ["right", line, right]]) {
      this.getPane(id).style.clip = drawn.swipe ? `rect(${top}px, ${to}px, ${bottom}px, ${from}px)` : "";
    }
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
    for (const id of ["fills", "against"]) map.getPane(id).style.opacity = source ? 0.6 : 1;
    if (!source) return;
    const options = { attribution: source.attribution, maxZoom: 19, referrerPolicy: "origin" };
    drawn.tiles = L.tileLayer(source.url, options).addTo(map);
  }

  // Asked for before anything needs them; who draws them says what went wrong.
  for (const source of ["states", "counties"]) load(source).catch(() => undefined);
  return { show };
})();

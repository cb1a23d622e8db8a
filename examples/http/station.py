"""A weather station on this machine: a web server that tells its readings."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

SILENCE = 60
"""Seconds without a question after which the station closes."""

HUMIDITY = (93, 91, 88, 81, 72, 64, 57, 52, 55, 61, 70, 79)
WIND = (1, 1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2)
FORECASTS = {
    "Lower Harbour": "Dry until the evening, with a fresh wind from the west. Showers after dark.",
    "Hill Farm": "Fog until noon, then sun.",
}


def start(state):
    """Open the station; it answers from a thread of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Station)
    server.daemon_threads = True
    server.timeout = SILENCE
    threading.Thread(target=serve, args=(server,), daemon=True).start()
    return {"station": f"http://127.0.0.1:{server.server_port}"}


def serve(server):
    """Answer until nobody has asked for a while."""
    asked = []
    server.handle_timeout = lambda: asked.append("nothing")
    while not asked:
        server.handle_request()
    server.server_close()


class Station(BaseHTTPRequestHandler):
    """What the station answers."""

    def do_GET(self):
        address = urlsplit(self.path)
        if address.path == "/readings":
            hours = int(parse_qs(address.query)["hours"][0])
            self.tell(200, "application/json", json.dumps(readings(hours)))
        elif address.path.startswith("/forecast/"):
            place = unquote(address.path.removeprefix("/forecast/"))
            found = FORECASTS.get(place)
            self.tell(200 if found else 404, "text/plain", found or "There is no forecast.")
        else:
            self.tell(404, "text/plain", "There is nothing here.")

    def tell(self, status, kind, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing about each question."""


def readings(hours):
    """The day's hours from eight o'clock on."""
    rows = zip(HUMIDITY[:hours], WIND[:hours], strict=True)
    return [
        {"hour": 8 + number, "humidity": humidity, "wind": wind}
        for number, (humidity, wind) in enumerate(rows)
    ]

#!/usr/bin/env python3
"""tests/faults/data_test.py - `lyap data` against a server that breaks off, lies and forgets."""
import gzip
import hashlib
import http.server
import json
import threading
import unittest

from program import ProgramTest

IMAGES, LABELS = b"images " * 40000, b"labels " * 300
TEXT = "Eh bien, mon prince.\n".encode() * 100


class Server(http.server.ThreadingHTTPServer):
    """Files by path; `breaks`: how many bytes the next answer stops behind."""
    daemon_threads = True

    def __init__(self, files):
        super().__init__(("127.0.0.1", 0), Answer)
        self.files, self.breaks, self.ranges, self.asked = files, None, True, []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def base(self):
        return f"http://127.0.0.1:{self.server_address[1]}/"


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def log_message(self, *_):
        pass

    def do_GET(self):
        try:
            self.answer()
        except ConnectionError:
            pass  # the program has hung up, which some tests are about

    def answer(self):
        server, wanted = self.server, self.headers.get("Range")
        server.asked.append((self.path, wanted))
        if self.path.startswith("/elsewhere/"):
            self.send_response(302)
            self.send_header("Location", server.base + self.path[len("/elsewhere/"):])
            self.end_headers()
            return
        content = server.files.get(self.path[1:])
        if content is None:
            self.send_error(404)
            return
        start = int(wanted[len("bytes="):].split("-")[0]) if wanted and server.ranges else 0
        if start and start >= len(content):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        end, server.breaks = server.breaks, None
        self.wfile.write(content[start:] if end is None else content[start:start + end])


def entry(path, content, **more):
    return {"path": path, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), **more}


class Data(ProgramTest):
    def setUp(self):
        super().setUp()
        self.server = Server({"images.gz": gzip.compress(IMAGES), "labels": LABELS, "text": TEXT})
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.catalogue(self.server.base)
        self.store = self.here / "store"

    def catalogue(self, base, **more):
        self.file("c.yaml", json.dumps({"sets": {
            "digits": {"about": "a", "licence": "free", "source": "here", "base": base, "files": [
                entry("digits/images", IMAGES, **{"from": "images.gz"}),
                entry("digits/labels", LABELS, **{"from": "labels"})], **more},
            "text": {"base": base, "differs": "shorter", "files": [
                entry("text/text.txt", TEXT + b"more", **{"from": "text"})]}}}))

    def environment(self):
        return {**super().environment(), "LYAP_TEST_HTTP": "1"}

    def data(self, *words):
        return self.lyap("data", *words, "--catalogue", "c.yaml", "--data", "store")

    def stored(self):
        return sorted(str(p.relative_to(self.store)) for p in self.store.rglob("*") if p.is_file())

    def test_fetched_as_it_is_published_found_and_verified(self):
        fetched = self.data("fetch", "digits")
        self.assertEqual(fetched.returncode, 0, fetched.stderr)
        self.assertEqual(self.stored(), ["digits/images.gz", "digits/labels"])
        verified = self.data("verify")
        self.assertEqual(verified.returncode, 0)
        self.assertEqual(verified.stdout, "digits: 2 of 2 files are those of the catalogue\n")
        self.assertIn(f"digits         in {self.store.name}/digits\n", self.data("list").stdout)

    def test_what_is_here_is_not_asked_for_again(self):
        self.data("fetch", "digits")
        self.server.asked.clear()
        self.assertEqual(self.data("fetch", "digits").returncode, 0)
        self.assertEqual(self.server.asked, [])

    def test_goes_on_where_it_broke_off(self):
        self.server.files["images.gz"] = IMAGES
        self.server.breaks = 100000
        broken = self.data("fetch", "digits")
        self.assertEqual(broken.returncode, 1)
        self.assertIn("try again, which goes on where this ended", broken.stderr)
        self.assertEqual(self.stored(), ["digits/images.part"])
        self.assertEqual(self.data("fetch", "digits").returncode, 0)
        self.assertEqual(self.server.asked[1], ("/images.gz", "bytes=100000-"))
        self.assertEqual((self.store / "digits/images").read_bytes(), IMAGES)

    def test_complete_but_not_yet_named(self):
        self.file("store/digits/images.part", gzip.compress(IMAGES))
        self.server.files["images.gz"] = (self.store / "digits/images.part").read_bytes()
        self.assertEqual(self.data("fetch", "digits").returncode, 0)
        self.assertEqual(self.stored(), ["digits/images.gz", "digits/labels"])

    def test_a_server_that_cannot_go_on_sends_all_of_it(self):
        self.server.ranges = False
        self.file("store/digits/labels.part", LABELS[:500])
        self.assertEqual(self.data("fetch", "digits").returncode, 0)
        self.assertEqual((self.store / "digits/labels").read_bytes(), LABELS)

    def test_a_beginning_of_another_file_is_dropped(self):
        self.file("store/digits/labels.part", b"something else")
        self.assertEqual(self.data("fetch", "digits").returncode, 0)
        self.assertEqual((self.store / "digits/labels").read_bytes(), LABELS)

    def test_other_contents_are_not_kept(self):
        self.server.files["images.gz"] = gzip.compress(IMAGES[:-1] + b"!")
        refused = self.data("fetch", "digits")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("is not the file of the catalogue and was removed", refused.stderr)
        self.assertEqual(self.stored(), [])

    def test_endless_answers_are_cut(self):
        self.server.files["labels"] = LABELS * 2000
        refused = self.data("fetch", "digits")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("sends more than the", refused.stderr)
        self.assertEqual(self.stored(), ["digits/images.gz"])

    def test_a_missing_file_and_a_missing_server(self):
        del self.server.files["labels"]
        self.assertIn("404", self.data("fetch", "digits").stderr)
        self.server.shutdown()
        self.server.server_close()
        refused = self.data("fetch", "digits")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("could not be downloaded: Failed to connect", refused.stderr)
        self.assertEqual(self.stored(), ["digits/images.gz"])

    def test_only_https_and_no_way_round(self):
        for base in ("http://example.com/", "ftp://example.com/", "file:///etc/", "http://127.0.0.1.example.com/"):
            self.catalogue(base)
            refused = self.data("fetch", "digits")
            self.assertEqual(refused.returncode, 3)
            self.assertIn("is not downloaded: only https is", refused.stderr)
        self.catalogue(self.server.base + "elsewhere/")  # leads to http again
        refused = self.data("fetch", "digits")
        self.assertEqual(refused.returncode, 1)
        self.assertEqual([path for path, _ in self.server.asked], ["/elsewhere/images.gz"])

    def test_local_servers_are_for_tests_alone(self):
        self.environment = super().environment
        self.assertIn("only https is", self.data("fetch", "digits").stderr)
        self.assertEqual(self.server.asked, [])

    def test_files_of_a_user_are_never_replaced(self):
        self.file("store/digits/labels", b"mine")
        refused = self.data("fetch", "digits")
        self.assertEqual(refused.returncode, 3)
        self.assertIn("is here with other contents than the catalogue says", refused.stderr)
        self.assertEqual((self.store / "digits/labels").read_bytes(), b"mine")
        verified = self.data("verify", "digits")
        self.assertEqual(verified.returncode, 3)
        self.assertIn("store/digits/labels: not the file of the catalogue", verified.stdout)

    def test_another_edition_is_taken_only_on_request(self):
        refused = self.data("fetch", "text")
        self.assertEqual(refused.returncode, 3)
        self.assertIn("`lyap data fetch text --unverified`", refused.stderr)
        self.assertEqual(self.server.asked, [])
        self.assertEqual(self.data("fetch", "text", "--unverified").returncode, 0)
        self.assertEqual((self.store / "text/text.txt").read_bytes(), TEXT)
        self.assertEqual(self.data("verify", "text").returncode, 3)

    def test_added_from_wherever_it_lies(self):
        for folder in ("raw", "own/digits"):
            self.file(f"{folder}/images", IMAGES)
            self.file(f"{folder}/labels.gz", gzip.compress(LABELS))
        for given in ("raw", "own", "own/digits"):
            added = self.data("add", "digits", given)
            self.assertEqual(added.returncode, 0, added.stderr)
            self.assertEqual(self.stored(), ["digits/images", "digits/labels.gz"])
        self.assertEqual(self.data("verify", "digits").returncode, 0)

    def test_nothing_is_added_unless_all_is_right(self):
        self.file("raw/images", IMAGES)
        self.assertIn("digits/labels is not there", self.data("add", "digits", "raw").stderr)
        self.file("raw/labels", b"other")
        refused = self.data("add", "digits", "raw")
        self.assertEqual(refused.returncode, 3)
        self.assertIn("raw/labels has other contents than the catalogue says", refused.stderr)
        self.assertFalse(self.store.exists())
        self.assertEqual(self.data("add", "digits", "raw", "--unverified").returncode, 0)
        self.assertEqual(self.data("add", "text", "raw/images", "--unverified").returncode, 0)

    def test_print_says_what_to_download_and_where_to_put_it(self):
        printed = self.data("fetch", "digits", "--print")
        self.assertEqual(printed.returncode, 0)
        self.assertEqual(printed.stdout, f"{self.server.base}images.gz\n  to store/digits/images.gz\n"
                                         f"{self.server.base}labels\n  to store/digits/labels\n"
                                         "then: lyap data verify digits\n")
        self.assertEqual(self.server.asked, [])

    def test_a_catalogue_with_mistakes(self):
        self.file("c.yaml", "sets:\n  x:\n    files:\n"
                            "      - {path: ../../etc/x, bytes: 1, sha256: ab}\n")
        said = self.data("list")
        self.assertEqual(said.returncode, 3)
        self.assertIn("'path' is a folder and a file in it", said.stderr)
        self.assertIn("'sha256' is 64 digits", said.stderr)

    def test_a_missing_data_set_says_which_command_gets_it(self):
        tasks = {"smnist": "mnist", "char_rnn": "war_and_peace", "mocap": "cmu_mocap"}
        for task, data_set in tasks.items():
            self.file("p.yaml", f"lyap: 1\ntrials:\n  task: {{use: {task}}}\n"
                                "  cell: {use: rnn, with: {units: 4}}\n"
                                "  measure: [{use: spectrum, as: le}]\n")
            self.refused(["run", "p.yaml", "-q"], 3, f"`lyap data fetch {data_set}`")

    def test_the_catalogue_of_the_program(self):
        listed = {s["name"]: s for s in json.loads(self.done("data", "list", "--json"))}
        self.assertEqual(sorted(listed), ["cmu_mocap", "mnist", "war_and_peace"])
        self.assertEqual([listed[n]["files"] for n in sorted(listed)], [24, 4, 1])
        self.assertTrue(all(s["licence"] and s["source"] for s in listed.values()))


if __name__ == "__main__":
    unittest.main()

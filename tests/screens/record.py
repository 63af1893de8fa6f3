"""Runs PowerShell in a pseudo terminal, types what it is given, and writes the screen as SVG at the moments it is told.

Reads one JSON document from standard input: command, environment, folder, columns, rows, and steps. A step is one of
{"type": TEXT}, {"key": "enter" or "interrupt"}, {"wait": PATTERN}, {"prompt": N} (wait for the N-th prompt), {"save": FILE, "title": TEXT}.
"""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

import pyte

import svg

KEYS = {'enter': '\r', 'interrupt': '\x03'}
PROMPT = 'PS> '
SECONDS = 120


class Terminal(pyte.Screen):
    """A screen whose answers to the program's questions, such as where the cursor is, go back to it."""

    def __init__(self, columns, rows, descriptor):
        super().__init__(columns, rows)
        self.descriptor = descriptor

    def write_process_input(self, data):
        os.write(self.descriptor, data.encode())


class Recorder:
    def __init__(self, job):
        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            os.chdir(job['folder'])
            os.execvpe(job['command'][0], job['command'], {**os.environ, **job['environment'], 'TERM': 'xterm-256color'})
        size = struct.pack('HHHH', job['rows'], job['columns'], 0, 0)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, size)
        self.screen = Terminal(job['columns'], job['rows'], self.descriptor)
        self.stream = pyte.ByteStream(self.screen)

    def read(self, seconds):
        """Feeds what the program has written; False once nothing came for this time."""
        if not select.select([self.descriptor], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.descriptor, 65536)
        except OSError:
            data = b''
        if not data:
            raise SystemExit('PowerShell ended:\n' + self.text())
        self.stream.feed(data)
        return True

    def text(self):
        return '\n'.join(line.rstrip() for line in self.screen.display).rstrip()

    def wait(self, is_reached, what):
        end = time.monotonic() + SECONDS
        while not is_reached():
            self.read(0.2)
            if time.monotonic() > end:
                raise SystemExit(f'{what} did not come within {SECONDS} seconds. The screen is:\n{self.text()}')

    def settle(self):
        """A screen is written in several pieces; it is whole when nothing more comes for a moment."""
        while self.read(0.05):
            pass

    def has_prompt(self, count):
        cursor = self.screen.cursor
        at_prompt = cursor.x == len(PROMPT) and self.screen.display[cursor.y].rstrip() == PROMPT.rstrip()
        return at_prompt and sum(line.startswith(PROMPT) for line in self.screen.display) == count

    def run(self, step):
        if 'type' in step:
            os.write(self.descriptor, step['type'].encode())
            self.wait(lambda: step['type'] in self.text().replace('\n', ''), step['type'])
            self.settle()
        elif 'key' in step:
            os.write(self.descriptor, KEYS[step['key']].encode())
        elif 'wait' in step:
            self.wait(lambda: re.search(step['wait'], self.text()), step['wait'])
            self.settle()
        elif 'prompt' in step:
            self.wait(lambda: self.has_prompt(step['prompt']), f"prompt {step['prompt']}")
            self.settle()
        elif 'save' in step:
            with open(step['save'], 'w', encoding='utf-8', newline='\n') as file:
                file.write(svg.draw(self.screen, step['title']))

    def end(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


def main():
    recorder = Recorder(job := json.load(sys.stdin))
    try:
        for step in job['steps']:
            recorder.run(step)
    finally:
        recorder.end()


main()

"""Calls that delete, execute or send are said, under whatever name, unless the document made them before."""

import pytest

from pillion.auditors.calls.call_auditor import CallsAuditor
from tests.unit.auditors.cases import Case, check

AUDITOR = CallsAuditor()

CASES = {
    "command": Case(
        "python",
        "import os\nos.system('ls')\n",
        {"error os.system": "“os.system” executes a command: check it before you keep it."},
    ),
    "in a piece of a function": Case("python", "        x = 1\n        eval(x)\n", {"error eval": "executes code"}),
    "imported name": Case(
        "python", "from os import system as run\nrun('ls')\n", {"error run": "“run (os.system)” executes"}
    ),
    "module under another name": Case(
        "python", "import subprocess as sp\nsp.run('ls', shell=True)\n", {"error sp.run": "executes a command"}
    ),
    "imported before": Case(
        "python", "run('ls', shell=True)\n", {"error run": "subprocess.run"}, "from subprocess import (\n    run,\n)\n"
    ),
    "program without a shell": Case(
        "python", "subprocess.run(['ls'])\n", {"warning subprocess.run": "starts a program"}
    ),
    "folder": Case("python", "shutil.rmtree(path)\n", {"error shutil.rmtree": "deletes a folder"}),
    "file": Case("python", "path.unlink()\n", {"warning path.unlink": "deletes a file"}),
    "request": Case("python", "r = requests.post(url)\n", {"warning requests.post": "sends data"}),
    "long import": Case(
        "python", "import urllib.request\nurllib.request.urlopen(u)\n", {"warning urllib.request.urlopen": "sends"}
    ),
    "twice": Case("python", "eval(a)\neval(b)\n", {"error eval": "code"}),
    "sql": Case("python", "cursor.execute('DROP TABLE users')\n", {"error 'DROP TABLE users'": "deletes data"}),
    "sql in the middle": Case(
        "go", 'db.Exec("SELECT 1; truncate table users")\n', {'error "SELECT 1; truncate table users"': "deletes"}
    ),
    "prose about sql": Case("python", "x = 'never drop table users'\n"),
    "called before": Case("python", "os.system('ls')\n", {}, "import os\nos.system('date')\n"),
    "another command than before": Case(
        "python", "os.system('ls')\n", {"error os.system": ""}, "import os\nos.remove('a')\n"
    ),
    "function of its own": Case("python", "def eval(x):\n    return x\neval(1)\n"),
    "name from elsewhere": Case("python", "from mine import eval\neval(1)\n"),
    "method of that name": Case("python", "model.eval()\nos.path.remove(x)\nself.system('a')\n"),
    "in a string": Case("python", "x = 'os.system(1)'  # eval(1)\n"),
    "javascript": Case(
        "javascript",
        "const { exec: run } = require('node:child_process');\nrun('ls');\n",
        {"error run": "child_process.exec"},
    ),
    "new function": Case("javascript", "const f = new Function('return 1');\n", {"error Function": "executes code"}),
    "recursive": Case(
        "typescript", "import fs from 'node:fs';\nfs.rmSync(d, { recursive: true });\n", {"error fs.rmSync": "folder"}
    ),
    "not recursive": Case(
        "typescript", "import { rm } from 'fs/promises';\nrm(file);\n", {"warning rm": "fs.promises.rm"}
    ),
    "fetch": Case("typescriptreact", "await fetch(url);\n", {"warning fetch": "sends"}),
    "own fetch": Case("javascript", "import { fetch } from './api';\nfetch(1);\n"),
    "regexp's exec": Case("javascript", "const m = pattern.exec(line);\n"),
    "go": Case("go", "\tos.RemoveAll(dir)\n", {"error os.RemoveAll": "folder"}),
    "go's shell": Case("go", '\texec.Command("sh", "-c", line)\n', {"error exec.Command": "command"}),
    "go's program": Case(
        "go", 'import e "os/exec"\nfunc f() {\n\te.Command("ls")\n}\n', {"warning e.Command": "program"}
    ),
    "another exec": Case("go", 'import "github.com/a/exec"\nfunc f() {\n\texec.Command("sh")\n}\n'),
    "rust": Case("rust", "    std::fs::remove_dir_all(p)?;\n", {"error std::fs::remove_dir_all": "folder"}),
    "rust's use": Case(
        "rust", "use std::fs::{self, remove_file as rm};\nfn f() { rm(p); }\n", {"warning rm": "std::fs::remove_file"}
    ),
    "rust's shell": Case(
        "rust", 'use std::process::Command;\nfn f() { Command::new("sh"); }\n', {"error Command::new": "command"}
    ),
    "clap": Case("rust", 'use clap::Command;\nfn f() { Command::new("app"); }\n'),
    "java": Case(
        "java", 'class A { void f() { Runtime.getRuntime().exec("ls"); } }\n', {"error Runtime.getRuntime": "command"}
    ),
    "c": Case("c", 'void f(void) { system("ls"); }\n', {"error system": "command"}),
    "c++": Case(
        "cpp", "void f() { std::filesystem::remove_all(p); }\n", {"error std::filesystem::remove_all": "folder"}
    ),
    "c++'s algorithm": Case("cpp", "void f() { std::remove(a, b, c); }\n"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_calls(case: Case) -> None:
    check(AUDITOR, case, shown=lambda quote: quote.split("(")[0].removeprefix("new ").strip())

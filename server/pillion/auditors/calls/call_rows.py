"""Calls that delete, execute or send, by language: a person should look at them before they keep a draft."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from pillion.auditors.trees import JAVASCRIPT
from pillion.findings.finding import Severity

Category = Literal["delete", "execute", "send"]


@dataclass(frozen=True, slots=True)
class Call:
    """What a call does. `callee` is the full name, or the end of it if it begins with “.” or “::”.

    `when` must match in the arguments. If several rows fit one callee, the first of them counts.
    """

    callee: str
    category: Category
    severity: Severity
    does: str
    when: re.Pattern[str] | None = None


_COMMAND, _PROGRAM, _CODE = "executes a command", "starts a program", "executes code that comes as data"
_TREE, _FILE, _NETWORK = "deletes a folder with all that is in it", "deletes a file", "sends data over the network"
_SHELL = re.compile(r"shell\s*[=:]\s*[Tt]rue")
_SHELL_NAME = re.compile(r"[\"'`](?:/bin/)?(?:sh|bash|zsh|cmd|cmd\.exe|powershell|pwsh)[\"'`]")
_RECURSIVE = re.compile(r"recursive\s*:\s*true")
_ONE_ARGUMENT = re.compile(r"\A\([^,]*\)\Z")


def _calls(
    category: Category, severity: Severity, does: str, callees: str, when: re.Pattern[str] | None = None
) -> list[Call]:
    return [Call(callee, category, severity, does, when) for callee in callees.split()]


_PYTHON = (
    *_calls("execute", "error", _CODE, "eval exec builtins.eval builtins.exec"),
    *_calls(
        *("execute", "error", _COMMAND),
        "os.system os.popen subprocess.getoutput subprocess.getstatusoutput commands.getoutput pty.spawn "
        "asyncio.create_subprocess_shell os.execv os.execve os.execvp os.execl os.execlp os.spawnl os.spawnv",
    ),
    *_calls(
        *("execute", "error", _COMMAND),
        "subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen",
        _SHELL,
    ),
    *_calls(
        *("execute", "warning", _PROGRAM),
        "subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen "
        "asyncio.create_subprocess_exec",
    ),
    *_calls(
        *("execute", "warning", "executes code that its data may hold"),
        "pickle.load pickle.loads marshal.loads dill.load dill.loads yaml.unsafe_load",
    ),
    *_calls("delete", "error", _TREE, "shutil.rmtree os.removedirs"),
    *_calls("delete", "warning", _FILE, "os.remove os.unlink os.rmdir .unlink .rmdir"),
    *_calls(
        *("send", "warning", _NETWORK),
        "requests.get requests.post requests.put requests.patch requests.delete requests.head requests.request "
        "httpx.get httpx.post httpx.put httpx.patch httpx.delete httpx.request httpx.stream urllib.request.urlopen "
        "urllib.request.urlretrieve urllib2.urlopen smtplib.SMTP smtplib.SMTP_SSL socket.create_connection "
        "socket.connect sock.connect s.connect aiohttp.ClientSession ftplib.FTP telnetlib.Telnet paramiko.SSHClient "
        "http.client.HTTPConnection http.client.HTTPSConnection websockets.connect .sendmail",
    ),
)
_JAVASCRIPT = (
    *_calls("execute", "error", _CODE, "eval Function vm.runInThisContext vm.runInNewContext vm.runInContext"),
    *_calls("execute", "error", _COMMAND, "child_process.exec child_process.execSync"),
    *_calls("execute", "error", _COMMAND, "child_process.spawn child_process.spawnSync", _SHELL),
    *_calls(
        *("execute", "warning", _PROGRAM),
        "child_process.spawn child_process.spawnSync child_process.execFile child_process.execFileSync "
        "child_process.fork Bun.spawn execa",
    ),
    *_calls("delete", "error", _TREE, "fs.rm fs.rmSync fs.rmdir fs.rmdirSync fs.promises.rm Deno.remove", _RECURSIVE),
    *_calls("delete", "error", _TREE, "rimraf rimraf.sync fs-extra.remove fs-extra.removeSync fs-extra.emptyDir"),
    *_calls(
        *("delete", "warning", _FILE),
        "fs.rm fs.rmSync fs.rmdir fs.rmdirSync fs.unlink fs.unlinkSync fs.promises.rm fs.promises.unlink Deno.remove",
    ),
    *_calls(
        *("send", "warning", _NETWORK),
        "fetch window.fetch globalThis.fetch axios axios.get axios.post axios.put axios.patch axios.delete "
        "axios.request http.request http.get https.request https.get navigator.sendBeacon XMLHttpRequest WebSocket "
        "net.connect net.createConnection got got.post ky ky.post undici.request undici.fetch $.ajax $.post $.get",
    ),
)
_GO = (
    *_calls("execute", "error", _COMMAND, "exec.Command exec.CommandContext", _SHELL_NAME),
    *_calls("execute", "error", _PROGRAM, "syscall.Exec os.StartProcess plugin.Open"),
    *_calls("execute", "warning", _PROGRAM, "exec.Command exec.CommandContext"),
    *_calls("delete", "error", _TREE, "os.RemoveAll"),
    *_calls("delete", "warning", _FILE, "os.Remove syscall.Unlink syscall.Rmdir"),
    *_calls(
        *("send", "warning", _NETWORK),
        "http.Get http.Post http.PostForm http.Head http.DefaultClient.Do net.Dial net.DialTimeout tls.Dial "
        "smtp.SendMail rpc.Dial",
    ),
)
_RUST = (
    *_calls("execute", "error", _COMMAND, "Command::new ::process::Command::new", _SHELL_NAME),
    *_calls("execute", "error", _COMMAND, "libc::system"),
    *_calls("execute", "warning", _PROGRAM, "Command::new ::process::Command::new"),
    *_calls("delete", "error", _TREE, "::fs::remove_dir_all"),
    *_calls("delete", "warning", _FILE, "::fs::remove_file ::fs::remove_dir"),
    *_calls(
        *("send", "warning", _NETWORK),
        "reqwest::get reqwest::blocking::get ::TcpStream::connect ::UdpSocket::bind ureq::get ureq::post ureq::put",
    ),
)
_JAVA = (
    *_calls("execute", "error", _COMMAND, "Runtime.getRuntime().exec runtime.exec rt.exec"),
    *_calls("execute", "error", _CODE, "engine.eval scriptEngine.eval"),
    *_calls("execute", "warning", _PROGRAM, "ProcessBuilder"),
    *_calls("delete", "error", _TREE, "FileUtils.deleteDirectory FileSystemUtils.deleteRecursively"),
    *_calls("delete", "warning", _FILE, "Files.delete Files.deleteIfExists FileUtils.forceDelete"),
    *_calls("send", "warning", _NETWORK, ".openConnection .openStream Socket httpClient.send Transport.send"),
)
_C = (
    *_calls(
        *("execute", "error", _COMMAND), "system std::system popen execl execlp execle execv execvp execvpe WinExec"
    ),
    *_calls("execute", "warning", "loads and executes a library", "dlopen LoadLibraryA LoadLibraryW"),
    *_calls("delete", "error", _TREE, "std::filesystem::remove_all fs::remove_all filesystem::remove_all"),
    *_calls("delete", "warning", _FILE, "remove std::remove", _ONE_ARGUMENT),
    *_calls("delete", "warning", _FILE, "unlink rmdir DeleteFileA DeleteFileW fs::remove std::filesystem::remove"),
    *_calls("send", "warning", _NETWORK, "connect send sendto sendmsg curl_easy_perform"),
)

CALLS: Mapping[str, tuple[Call, ...]] = MappingProxyType(
    {
        "python": _PYTHON,
        **dict.fromkeys(sorted(JAVASCRIPT), _JAVASCRIPT),
        "go": _GO,
        "rust": _RUST,
        "java": _JAVA,
        "c": _C,
        "cpp": _C,
    }
)

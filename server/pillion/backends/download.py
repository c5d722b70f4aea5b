"""Downloads one file from an address, and goes on with what an earlier download left."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

import httpx

from pillion.config.schema import without_secrets
from pillion.errors import DownloadStoppedError, ModelError
from pillion.files.atomic_write import open_own
from pillion.models.room import require_room

# Called with the bytes fetched so far and the bytes of the whole file (0: unknown).
Progress = Callable[[int, int], None]

# A stopped download also takes this long to end, if the server sends nothing.
_TIMEOUT = httpx.Timeout(15.0, connect=8.0)


def raise_if_stopped(stop: Event) -> None:
    """Ends a download that its caller has stopped.

    Raises:
        DownloadStoppedError: it was stopped.
    """
    if stop.is_set():
        raise DownloadStoppedError("The download was stopped.", hint="The next one goes on with it.")


def download(url: str, partial: Path, size_bytes: int, progress: Progress, stop: Event) -> None:
    """Fetches a file of this size (0: of whatever size) into `partial`. Resumes an earlier download if the server
    supports that; else starts over.

    Raises:
        DownloadStoppedError: `stop` was set; what came is kept.
        ModelError: it broke off, or it isn't a file of this size.
        NoRoomError: the disk has no room for it.
    """
    have = partial.stat().st_size if partial.exists() else 0
    if size_bytes and have == size_bytes:
        return
    if size_bytes and have > size_bytes:
        have = 0  # the file is from another version of the model
    # If the body were compressed on the way, its length and ranges would not be those of the file.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    try:
        with httpx.stream("GET", url, headers=headers, timeout=_TIMEOUT, follow_redirects=True) as response:
            if have and response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                if not size_bytes and response.headers.get("content-range") == f"bytes */{have}":
                    return  # the whole file is here
                partial.unlink()
                raise _wrong_size(url, size_bytes)
            response.raise_for_status()
            _take(response, partial, have, size_bytes, progress, stop)
    except httpx.HTTPStatusError as exc:
        raise ModelError(f"{without_secrets(url)} answered {exc.response.status_code}.") from exc
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        raise ModelError(
            f"The download from {without_secrets(url)} broke off ({type(exc).__name__}).",
            hint="Run the command again to go on with it.",
        ) from exc


def _take(response: httpx.Response, partial: Path, have: int, size_bytes: int, progress: Progress, stop: Event) -> None:
    url = str(response.request.url)
    resumed = have > 0 and response.status_code == httpx.codes.PARTIAL_CONTENT
    done = have if resumed else 0
    length = response.headers.get("content-length", "")
    expected = done + int(length) if length.isdecimal() else 0
    if size_bytes and expected and expected != size_bytes:
        # An answer without a range may be a hotel's login page, so the partial file may still be good.
        if resumed:
            partial.unlink()
        raise _wrong_size(url, size_bytes)
    total = size_bytes or expected
    require_room(partial.parent, max(0, total - done - (0 if resumed else have)), partial.name.removesuffix(".partial"))
    with open(open_own(partial, anew=not resumed), "wb") as target:
        # Without a chunk size: with one, a broken connection would lose the bytes gathered for the next chunk.
        for chunk in response.iter_bytes():
            raise_if_stopped(stop)
            done += len(chunk)
            if total and done > total:
                break
            target.write(chunk)
            progress(done, total)
    if total and done > total:
        partial.unlink()
        raise _wrong_size(url, size_bytes)
    if done < total:
        raise ModelError("The download ended too early.", hint="Run the command again to go on with it.")


def _wrong_size(url: str, size_bytes: int) -> ModelError:
    expected = f"the model's {size_bytes} bytes" if size_bytes else "what an earlier download began"
    return ModelError(
        f"{without_secrets(url)} sends a file of another size than {expected}.",
        hint="Try again; if it stays so, the source has changed.",
    )

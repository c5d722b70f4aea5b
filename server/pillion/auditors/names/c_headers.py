"""What the headers of C's standard library declare: facts only."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

# A header, then the names that no program has without it.
_HEADERS = """
assert: assert static_assert
ctype: isalnum isalpha isblank iscntrl isdigit isgraph islower isprint ispunct isspace isupper isxdigit tolower
  toupper
errno: errno
inttypes: imaxabs imaxdiv imaxdiv_t strtoimax strtoumax wcstoimax wcstoumax
limits: CHAR_BIT CHAR_MAX CHAR_MIN INT_MAX INT_MIN LLONG_MAX LLONG_MIN LONG_MAX LONG_MIN MB_LEN_MAX SCHAR_MAX
  SCHAR_MIN SHRT_MAX SHRT_MIN UCHAR_MAX UINT_MAX ULLONG_MAX ULONG_MAX USHRT_MAX
math: FP_ILOGB0 FP_ILOGBNAN FP_INFINITE FP_NAN FP_NORMAL FP_SUBNORMAL FP_ZERO HUGE_VAL HUGE_VALF HUGE_VALL INFINITY
  MATH_ERREXCEPT MATH_ERRNO NAN acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh double_t erf erfc
  exp exp2 expm1 fabs fdim float_t floor fma fmax fmin fmod fpclassify frexp hypot ilogb isfinite isgreater
  isgreaterequal isinf isless islessequal islessgreater isnan isnormal isunordered ldexp lgamma llrint llround log
  log10 log1p log2 logb lrint lround math_errhandling modf nan nearbyint nextafter nexttoward pow remainder remquo
  rint round scalbln scalbn signbit sin sinh sqrt tan tanh tgamma trunc
setjmp: jmp_buf longjmp setjmp
signal: SIGABRT SIGALRM SIGBUS SIGCHLD SIGCLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGIOT SIGKILL SIGPIPE SIGPOLL
  SIGPROF SIGPWR SIGQUIT SIGRTMAX SIGRTMIN SIGSEGV SIGSTKFLT SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN SIGTTOU
  SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ SIG_DFL SIG_ERR SIG_IGN raise sig_atomic_t signal
stdalign: alignas alignof
stdarg: va_arg va_copy va_end va_start
stddef: offsetof
stdint: INT16_C INT16_MAX INT16_MIN INT32_C INT32_MAX INT32_MIN INT64_C INT64_MAX INT64_MIN INT8_C INT8_MAX INT8_MIN
  INTMAX_C INTMAX_MAX INTMAX_MIN INTPTR_MAX INTPTR_MIN INT_FAST16_MAX INT_FAST16_MIN INT_FAST32_MAX INT_FAST32_MIN
  INT_FAST64_MAX INT_FAST64_MIN INT_FAST8_MAX INT_FAST8_MIN INT_LEAST16_MAX INT_LEAST16_MIN INT_LEAST32_MAX
  INT_LEAST32_MIN INT_LEAST64_MAX INT_LEAST64_MIN INT_LEAST8_MAX INT_LEAST8_MIN PTRDIFF_MAX PTRDIFF_MIN SIG_ATOMIC_MAX
  SIG_ATOMIC_MIN SIZE_MAX UINT16_C UINT16_MAX UINT32_C UINT32_MAX UINT64_C UINT64_MAX UINT8_C UINT8_MAX UINTMAX_C
  UINTMAX_MAX UINTPTR_MAX UINT_FAST16_MAX UINT_FAST32_MAX UINT_FAST64_MAX UINT_FAST8_MAX UINT_LEAST16_MAX
  UINT_LEAST32_MAX UINT_LEAST64_MAX UINT_LEAST8_MAX WCHAR_MAX WCHAR_MIN WINT_MAX WINT_MIN int_fast16_t int_fast32_t
  int_fast64_t int_fast8_t int_least16_t int_least32_t int_least64_t int_least8_t intmax_t uint_fast16_t uint_fast32_t
  uint_fast64_t uint_fast8_t uint_least16_t uint_least32_t uint_least64_t uint_least8_t uintmax_t
stdio: BUFSIZ EOF FILE FILENAME_MAX FOPEN_MAX L_tmpnam SEEK_CUR SEEK_END SEEK_SET TMP_MAX clearerr fclose feof ferror
  fflush fgetc fgetpos fgets fopen fpos_t fprintf fputc fputs fread freopen fscanf fseek fsetpos ftell fwrite getc
  getchar perror printf putc putchar puts remove rename rewind scanf setbuf setvbuf snprintf sprintf sscanf stderr
  stdin stdout tmpfile tmpnam ungetc vfprintf vfscanf vprintf vscanf vsnprintf vsprintf vsscanf
stdlib: EXIT_FAILURE EXIT_SUCCESS MB_CUR_MAX RAND_MAX abort abs aligned_alloc at_quick_exit atexit atof atoi atol
  atoll bsearch calloc div div_t exit free getenv labs ldiv ldiv_t llabs lldiv lldiv_t malloc mblen mbstowcs mbtowc
  qsort quick_exit rand realloc srand strtod strtof strtol strtold strtoll strtoul strtoull system wcstombs wctomb
stdnoreturn: noreturn
string: memchr memcmp memcpy memmove memset strcat strchr strcmp strcoll strcpy strcspn strerror strlen strncat
  strncmp strncpy strpbrk strrchr strspn strstr strtok strxfrm
time: CLOCKS_PER_SEC TIME_UTC asctime clock ctime difftime gmtime localtime mktime strftime time timespec_get
wchar: WCHAR_MAX WCHAR_MIN WEOF btowc fgetwc fgetws fputwc fputws fwide fwprintf fwscanf getwc getwchar mbrlen mbrtowc
  mbsinit mbsrtowcs mbstate_t putwc putwchar swprintf swscanf ungetwc vfwprintf vfwscanf vswprintf vswscanf vwprintf
  vwscanf wcrtomb wcscat wcschr wcscmp wcscoll wcscpy wcscspn wcsftime wcslen wcsncat wcsncmp wcsncpy wcspbrk wcsrchr
  wcsrtombs wcsspn wcsstr wcstod wcstof wcstok wcstol wcstold wcstoll wcstoul wcstoull wcsxfrm wctob wint_t wmemchr
  wmemcmp wmemcpy wmemmove wmemset wprintf wscanf
wctype: WEOF iswalnum iswalpha iswblank iswcntrl iswctype iswdigit iswgraph iswlower iswprint iswpunct iswspace
  iswupper iswxdigit towctrans towlower towupper wctrans wctrans_t wctype wctype_t wint_t
"""
# What these headers declare besides: the names that POSIX and GNU add, and other standard names.
_MORE = """
a64l access acct acosf acoshf acoshl acosl alarm alloca arc4random arc4random_buf arc4random_uniform asctime_r asinf
asinhf asinhl asinl asprintf assert_perror atan2f atan2l atanf atanhf atanhl atanl basename bcmp bcopy be16toh be32toh
be64toh blkcnt64_t blkcnt_t blksize_t brk bzero c16rtomb c32rtomb c8rtomb cabs cabsf cabsl cacos cacosf cacosh cacoshf
cacoshl cacosl caddr_t call_once canonicalize canonicalize_file_name canonicalizef canonicalizel carg cargf cargl
casin casinf casinh casinhf casinhl casinl catan catanf catanh catanhf catanhl catanl cbrtf cbrtl ccos ccosf ccosh
ccoshf ccoshl ccosl ceilf ceill cexp cexpf cexpl chdir chown chroot cimag cimagf cimagl clearenv clearerr_unlocked
clock_adjtime clock_getcpuclockid clock_getres clock_gettime clock_nanosleep clock_settime clockid_t clog clog10
clog10f clog10l clogf clogl close close_range closefrom cnd_broadcast cnd_destroy cnd_init cnd_signal cnd_t
cnd_timedwait cnd_wait comparison_fn_t complex confstr conj conjf conjl cookie_close_function_t cookie_io_functions_t
cookie_read_function_t cookie_seek_function_t cookie_write_function_t copy_file_range copysignf copysignl cosf coshf
coshl cosl cpow cpowf cpowl cproj cprojf cprojl creal crealf creall crypt csin csinf csinh csinhf csinhl csinl csqrt
csqrtf csqrtl ctan ctanf ctanh ctanhf ctanhl ctanl ctermid ctime_r cuserid daemon daylight dev_t dprintf drand48
drand48_data drand48_r drem dremf dreml dup dup2 dup3 duplocale dysize eaccess ecvt ecvt_r endusershell environ
erand48 erand48_r erfcf erfcl erff erfl error_t euidaccess execl execle execlp execv execve execveat execvp execvpe
exp10 exp10f exp10l exp2f exp2l expf expl explicit_bzero expm1f expm1l fabsf fabsl faccessat fadd faddl fchdir fchown
fchownat fcloseall fcvt fcvt_r fd_mask fd_set fdatasync fdimf fdiml fdiv fdivl fdopen feclearexcept fedisableexcept
feenableexcept fegetenv fegetexcept fegetexceptflag fegetmode fegetround feholdexcept femode_t fenv_t feof_unlocked
feraiseexcept ferror_unlocked fesetenv fesetexcept fesetexceptflag fesetmode fesetround fetestexcept fetestexceptflag
feupdateenv fexcept_t fexecve fflush_unlocked ffma ffmal ffs ffsl ffsll fgetc_unlocked fgetpos64 fgets_unlocked
fgetwc_unlocked fgetws_unlocked fileno fileno_unlocked finite finitef finitel flockfile floorf floorl fmaf fmal fmaxf
fmaximum fmaximum_mag fmaximum_mag_num fmaximum_mag_numf fmaximum_mag_numl fmaximum_magf fmaximum_magl fmaximum_num
fmaximum_numf fmaximum_numl fmaximumf fmaximuml fmaxl fmaxmag fmaxmagf fmaxmagl fmemopen fminf fminimum fminimum_mag
fminimum_mag_num fminimum_mag_numf fminimum_mag_numl fminimum_magf fminimum_magl fminimum_num fminimum_numf
fminimum_numl fminimumf fminimuml fminl fminmag fminmagf fminmagl fmodf fmodl fmul fmull fopen64 fopencookie fork
fpathconf fpos64_t fpregset_t fputc_unlocked fputs_unlocked fputwc_unlocked fputws_unlocked fread_unlocked freelocale
freopen64 frexpf frexpl fromfp fromfpf fromfpl fromfpx fromfpxf fromfpxl fsblkcnt64_t fsblkcnt_t fseeko fseeko64
fsetpos64 fsfilcnt64_t fsfilcnt_t fsid_t fsqrt fsqrtl fsub fsubl fsync ftello ftello64 ftruncate ftruncate64
ftrylockfile funlockfile fwrite_unlocked gamma gammaf gammal gcvt get_current_dir_name getc_unlocked getchar_unlocked
getcwd getdate getdate_err getdate_r getdelim getdomainname getdtablesize getegid getentropy geteuid getgid getgroups
gethostid gethostname getline getloadavg getlogin getlogin_r getopt getpagesize getpass getpayload getpayloadf
getpayloadl getpgid getpgrp getpid getppid getpt getresgid getresuid getsid getsubopt gettid getuid getusershell getw
getwc_unlocked getwchar_unlocked getwd gid_t gmtime_r grantpt greg_t gregset_t group_member gsignal htobe16 htobe32
htobe64 htole16 htole32 htole64 hypotf hypotl id_t ilogbf ilogbl index initstate initstate_r ino64_t ino_t isascii
isatty iscanonical isctype iseqsig isinff isinfl isnanf isnanl issignaling issubnormal iszero itimerspec j0f j0l j1f
j1l jnf jnl jrand48 jrand48_r key_t kill kill_dependency killpg l64a lchown lcong48 lcong48_r lconv ldexpf ldexpl
le16toh le32toh le64toh lgamma_r lgammaf lgammaf128_r lgammaf32_r lgammaf32x_r lgammaf64_r lgammaf64x_r lgammaf_r
lgammal lgammal_r link linkat llogb llogbf llogbl llrintf llrintl llroundf llroundl locale_t localeconv localtime_r
lockf loff_t log10f log10l log1pf log1pl log2f log2l logbf logbl logf logl lrand48 lrand48_r lrintf lrintl lroundf
lroundl lseek lseek64 mbrtoc16 mbrtoc32 mbrtoc8 mbsnrtowcs mcontext_t memccpy memfrob memmem memory_order
memory_order_acq_rel memory_order_acquire memory_order_consume memory_order_relaxed memory_order_release
memory_order_seq_cst mempcpy memrchr mkdtemp mkostemp mkostemp64 mkostemps mkostemps64 mkstemp mkstemp64 mkstemps
mkstemps64 mktemp mode_t modff modfl mrand48 mrand48_r mtx_destroy mtx_init mtx_lock mtx_plain mtx_recursive mtx_t
mtx_timed mtx_timedlock mtx_trylock mtx_unlock nanf nanl nanosleep nearbyintf nearbyintl newlocale nextafterf
nextafterl nextdown nextdownf nextdownl nexttowardf nexttowardl nextup nextupf nextupl nice nlink_t nrand48 nrand48_r
obstack obstack_printf obstack_vprintf off64_t off_t on_exit once_flag open_memstream open_wmemstream optarg opterr
optind optopt pathconf pause pclose pid_t pipe pipe2 popen posix_memalign posix_openpt powf powl pread pread64 profil
program_invocation_name program_invocation_short_name pselect psiginfo psignal pthread_attr_t pthread_barrier_t
pthread_barrierattr_t pthread_cond_t pthread_condattr_t pthread_key_t pthread_kill pthread_mutex_t pthread_mutexattr_t
pthread_once_t pthread_rwlock_t pthread_rwlockattr_t pthread_sigmask pthread_sigqueue pthread_spinlock_t pthread_t
ptsname ptsname_r putc_unlocked putchar_unlocked putenv putw putwc_unlocked putwchar_unlocked pwrite pwrite64 qecvt
qecvt_r qfcvt qfcvt_r qgcvt qsort_r quad_t rand_r random random_data random_r rawmemchr read readlink readlinkat
reallocarray realpath register_t remainderf remainderl remquof remquol renameat renameat2 revoke rindex rintf rintl
rmdir roundeven roundevenf roundevenl roundf roundl rpmatch sa_handler sa_sigaction sbrk scalb scalbf scalbl scalblnf
scalblnl scalbnf scalbnl secure_getenv seed48 seed48_r select setbuffer setdomainname setegid setenv seteuid setgid
sethostid sethostname setlinebuf setlocale setlogin setpayload setpayloadf setpayloadl setpayloadsig setpayloadsigf
setpayloadsigl setpgid setpgrp setregid setresgid setresuid setreuid setsid setstate setstate_r setuid setusershell
si_addr si_addr_lsb si_arch si_band si_call_addr si_fd si_int si_lower si_overrun si_pid si_pkey si_ptr si_status
si_stime si_syscall si_timerid si_uid si_upper si_utime si_value sig_t sigabbrev_np sigaction sigaddset sigaltstack
sigandset sigblock sigcontext sigdelset sigdescr_np sigemptyset sigev_notify_attributes sigev_notify_function sigevent
sigevent_t sigfillset siggetmask sighandler_t sighold sigignore siginfo_t siginterrupt sigisemptyset sigismember
sigjmp_buf siglongjmp sigmask signgam significand significandf significandl sigorset sigpause sigpending sigprocmask
sigqueue sigrelse sigreturn sigset sigset_t sigsetjmp sigsetmask sigstack sigsuspend sigtimedwait sigval sigval_t
sigwait sigwaitinfo sincos sincosf sincosl sinf sinhf sinhl sinl sleep socklen_t sqrtf sqrtl srand48 srand48_r srandom
srandom_r ssignal stack_t stpcpy stpncpy strcasecmp strcasestr strchrnul strdup strdupa strerror_r strerrordesc_np
strerrorname_np strfromd strfromf strfroml strfry strncasecmp strndup strndupa strnlen strptime strsep strsignal
strtok_r strtoq strtouq strverscmp suseconds_t swab symlink symlinkat sync syncfs syscall sysconf sysv_signal tanf
tanhf tanhl tanl tcgetpgrp tcsetpgrp tempnam tgammaf tgammal tgkill thrd_busy thrd_create thrd_current thrd_detach
thrd_equal thrd_error thrd_exit thrd_join thrd_nomem thrd_sleep thrd_start_t thrd_success thrd_t thrd_timedout
thrd_yield thread_local timegm timelocal timer_create timer_delete timer_getoverrun timer_gettime timer_settime
timer_t timespec timespec_getres timeval timex timezone tmpfile64 tmpnam_r toascii totalorder totalorderf totalorderl
totalordermag totalordermagf totalordermagl truncate truncate64 truncf truncl tss_create tss_delete tss_dtor_t tss_get
tss_set tss_t ttyname ttyname_r ttyslot tzname tzset u_char u_int u_int16_t u_int32_t u_int64_t u_int8_t u_long
u_quad_t u_short ualarm ucontext_t ufromfp ufromfpf ufromfpl ufromfpx ufromfpxf ufromfpxl uid_t uint ulong unlink
unlinkat unlockpt unsetenv useconds_t uselocale ushort usleep valloc vasprintf vdprintf vfork vhangup wcpcpy wcpncpy
wcscasecmp wcschrnul wcsdup wcsncasecmp wcsnlen wcsnrtombs wcstoq wcstouq wcswcs wcswidth wcwidth wmempcpy write y0f
y0l y1f y1l ynf ynl
"""
_FAMILIES = re.compile(
    r"PRI\w+|SCN\w+|(?:FLT|DBL|LDBL|SIG|FE|LC|FP|M|CLOCK|SEEK|SA|SI|CLD|SS)_\w+|E[A-Z0-9]{2,}|SIG[A-Z0-9]+|atomic_\w+"
    r"|ATOMIC_\w+|memory_order\w*|u?int(?:_least|_fast)?\d+_t|U?INT(?:_LEAST|_FAST)?\d+_\w+|thrd_\w+|mtx_\w+"
    r"|cnd_\w+|tss_\w+|W[A-Z]{5,}|STD(?:IN|OUT|ERR)_FILENO|[RWXF]_OK|__\w+|_[A-Z]\w*"
)


def _headers() -> dict[str, str]:
    found: dict[str, str] = {}
    header = ""
    for word in _HEADERS.split():
        if word.endswith(":"):
            header = f"{word[:-1]}.h"
        else:
            found.setdefault(word, header)
    return found


HEADER_OF: Mapping[str, str] = MappingProxyType(_headers())
# Headers that bring in others.
_BRINGS = MappingProxyType(
    {"inttypes.h": "stdint.h", "tgmath.h": "math.h", "wctype.h": "wchar.h", "threads.h": "time.h"}
)
_MORE_NAMES = frozenset(_MORE.split())
STANDARD_HEADERS = frozenset(
    f"{each}.h"
    for each in [
        "assert",
        "complex",
        "ctype",
        "errno",
        "fenv",
        "float",
        "inttypes",
        "iso646",
        "limits",
        "locale",
        "math",
        "setjmp",
        "signal",
        "stdalign",
        "stdarg",
        "stdatomic",
        "stdbool",
        "stddef",
        "stdint",
        "stdio",
        "stdlib",
        "stdnoreturn",
        "string",
        "tgmath",
        "threads",
        "time",
        "uchar",
        "wchar",
        "wctype",
    ]
)


def declares(headers: Iterable[str], name: str) -> bool:
    """Whether one of these headers declares the name, as far as it is one of `HEADER_OF`."""
    wanted = HEADER_OF.get(name)
    return any(wanted in (each, _BRINGS.get(each)) for each in headers)


def is_from_a_header(name: str) -> bool:
    """Whether some header of the library, on some system, may declare the name."""
    plain = name[:-1] if name.endswith(("f", "l")) else name
    return plain in HEADER_OF or name in HEADER_OF or name in _MORE_NAMES or _FAMILIES.fullmatch(name) is not None

"""Names that JavaScript's run-times, test runners and frameworks give to every file: facts only."""

_NAMES = """
arguments undefined NaN Infinity globalThis window document console navigator location history self top parent frames
screen localStorage sessionStorage performance crypto caches indexedDB process module exports require global Buffer
__dirname __filename setImmediate clearImmediate NodeJS BufferEncoding NodeRequire NodeModule ErrnoException
Deno Bun chrome browser safari Office Excel Word google gapi grecaptcha FB Stripe ga gtag dataLayer fbq
$ jQuery _ angular Vue React ReactDOM JSX Handlebars moment d3 THREE ko Backbone L PIXI Phaser p5 Sentry
after afterAll afterEach assert assertType before beforeAll beforeEach benchmark context cy Cypress describe expect
expectTypeOf fail fdescribe fit it jest jasmine onTestFailed onTestFinished pending spyOn suite test vi vitest
xdescribe xit xtest sinon chai mocha specify setup teardown suiteSetup suiteTeardown QUnit browserName
define defineEmits defineExpose defineModel defineOptions defineProps defineSlots withDefaults getCurrentInstance
registerProcessor ActiveXObject import super async of type any unknown never object const
__DEV__ __VERSION__ __webpack_require__ __webpack_public_path__ __non_webpack_require__ ImportMeta
WebdriverIO Thenable Mocha
SharedWorkerGlobalScope ServiceWorkerGlobalScope DedicatedWorkerGlobalScope WorkerGlobalScope ExtendableEvent
FetchEvent Clients WindowClient self registration skipWaiting importScripts KVNamespace DurableObject R2Bucket
ExecutionContext D1Database ScheduledEvent GM_getValue GM_setValue GM_addStyle GM_xmlhttpRequest unsafeWindow
"""

JAVASCRIPT_GLOBALS = frozenset(_NAMES.split())

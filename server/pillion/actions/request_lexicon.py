"""What words of a request mean, in English, German, Spanish, French and Chinese: one row for each meaning.

The classifier's model learns how much a meaning says about the tier; a row only says which words have it. Words are in
lower case and without accents. `word*` stands for all words that begin so, `*word` for all that end so.
"""

from collections.abc import Mapping
from types import MappingProxyType

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "new": """creat* build* built biuld construct* develop* scaffold* generat* bootstrap* prototyp* program* code coded
            coding craft* compos* provid* introduc* hack bau baue bauen erstell* entwickl* programmier* anlegen aufbauen
            erzeug* crear crea creame construy* constru* desarroll* genera* programa haz hazme hacer monta montar
            construi* cree creer developp* genere* fais faire fabriqu* realis*
            创建 新建 开发 做一个 做个 搭建 搭一个 构建 生成 编写 写一个 写个""",
        "implement": """implement* implment impl impelment* code-up umsetz* implementier* implementa* implemente* implemento
            实现""",
        "write": "write wirte writ* writing schreib* escrib* redact* ecri* redig* 写",
        "make": "make making makes mach mache machen",
        "need": """need needs want wants wanna require* like lack* missing brauch* benotig* will wollen mochte* fehlt fehlen
            necesit* quiero queremos falta faut besoin veux voulons voudr* 需要 我想 想要 我要""",
        "let": "let lets allow* able should soll sollen sollte deberia* debe doit devrait 应该 让 可以",
        "product": """app apps application* service services server servers api apis backend* frontend* website* webpage
            webapp site platform* system systems tool tools tooling cli daemon bot bots crawler* scraper* dashboard* portal
            shop store game games simulator* emulator* emulation compiler* interpreter* engine software script scripts
            program programs product marketplace blog forum chat messenger extension* addon tracker* manager* monitor
            calculator* crud spa pwa sdk suite solution mvp dienst* anwendung* webseite* werkzeug* spiel* programm skript*
            oberflache* *verwaltung *dienst *system *werkzeug kommandozeilen* ubersetzer servicio* aplicacion* sitio
            pagina herramienta* juego* plataforma sistema* panel jeu jeux outil* plateforme logiciel systeme* moteur
            messagerie boutique gestion back-office 应用 服务 网站 系统 平台 工具 游戏 机器人 程序 后台 前端 后端 接口
            编译器 解释器 小程序 脚本 项目""",
        "game": """snake tetris pong chess checkers sudoku hangman minesweeper solitaire breakout wordle schlange* schach*
            serpiente ajedrez morpion pendu echecs 贪吃蛇 俄罗斯方块 象棋""",
        "part": """module modules class classes component* library libraries lib package* plugin* plug-in* layer* middleware
            parser* lexer* tokenizer* tokeniser* scheduler* queue queues broker* proxy gateway* cache caching pipeline*
            workflow* importer* exporter* generator* validator* harness framework* repository controller* endpoint* page
            pages form wizard viewer editor router* adapter* client clients limiter* pool pools allocator* registry
            orchestrator* ledger vault interface* protocol* skeleton modul* klasse* komponente* bibliothek* schnittstelle*
            schicht* paket zwischenspeicher modulo* clase* componente* biblioteca* capa* interfaz interpret* couche*
            bibliotheque* composant* classe* 模块 类 组件 库 插件 层 缓存 中间件 队列 框架 解析器 引擎""",
        "feature": """auth authentication authorization authorisation login logins signup registration account* payment*
            checkout subscription* billing invoic* notification* webhook* search permissions roles role tenant*
            multi-tenan* multitenan* offline sync synchroni* upload* export* import-export webhooks websocket* real-time
            realtime push feed audit tracing telemetry metrics rate-limit* refresh undo redo versioning history backup*
            encrypt* i18n multi-language locali* multiplayer leaderboard feature* module-system anmeldung registrier*
            zahlung* abonnement* benachrichtigung* rechte rollen mandant* warenkorb sicher* bericht* gutschein* rechnung*
            pagos pago usuarios permisos notificaci* sesion contrasena facturas suscripci* busqueda carrito idiomas
            inquilinos connexion paiement* utilisateurs droits facture* panier recherche sauvegarde* clients locataires
            登录 注册 支付 权限 通知 搜索 用户 角色 订阅 购物车 备份 库存 租户 同步 导出 日志系统 消息""",
        "structure": """architect* structur* strcture organis* organiz* layout layouts monolith* micro-service* microservice*
            decoupl* boundar* scal* shard* partition* distribut* cluster* domain* hexagonal monorepo event-driven
            event-sourcing cqrs schema* schemas model* data-model* topology blueprint aufteil* aufbau* strukturier*
            architektur* schichten gliedern trennen zustandig* verteil* estructur* organizar arquitectur* separar
            monolito decoup* organiser structurer decoupage monolithe repartir
            架构 结构 拆分 拆成 组织 分布式 单体 微服务 分层 目录 表结构""",
        "design": "design* desing* entwirf* entwurf* entwerf* konzip* disena* diseno conco* concev* 设计",
        "decide": """should propose* proposal recommend* decide* choos* choice weigh options alternativ* trade-off* tradeoff*
            strategy strategies approach* plan planning roadmap adr rfc vorschlag* vorschlagen empfiehl* entscheid*
            strategie propon* propuesta recomienda* decidir elegir debemos propos* recommand* choisir decider
            怎么设计 如何设计 建议 方案 选择 规划 怎么拆 选型""",
        "migrate": """migrat* port porting move moving transition* switch replac* rewrite rewriting overhaul rework
            umstell* umzieh* umschreib* migrier* portier* migrar migra reescrib* pasar reecri* migre* migrer
            迁移 移植 重写 改写 换成""",
        "whole": """whole entire complete* full fully everything evrything everywhere throughout codebase project projects
            end-to-end scratch all across every proper production-ready ganze* gesamt* komplett* vollstandig* alles
            uberall projekt* todo toda todos todas completo completa entero proyecto* tout toute toutes tous complet*
            entier* projet* 整个 全部 完整 所有""",
        "size": """simple small tiny little quick just klein* kurz* pequeno* pequena* petit* 小 简单""",
        "languages": "typescript javascript rust golang kotlin java ruby swift scala asyncio async c++ grpc graphql",
        "local": """function functions fucntion fn method methods loop loops line lines variable variables query parameter*
            param params argument* condition* if ifs branch* statement block body expression regex selection snippet handler
            hook here helper funktion* methode* schleife* zeile* bedingung* abfrage* hier stelle funcion* metodo* bucle*
            linea* condicion* consulta* aqui fonction* boucle* ligne* requete* ici 函数 方法 循环 这里 这段 这行 变量 参数
            查询 判断""",
        "this": "this these that it its the das dies* diese* den die der es esto este esta estos ca cette ce ces 这 这个 它 这些",
        "fix": """fix* fx repair* correct* solv* resolv* patch* mend beheb* reparier* korrigier* corrig* arregl* repar*
            修 修复 修一下 改正 解决 处理""",
        "problem": """crash* crahs* fail* wrong bug bugs broken error errors exception* hang* hangs leak* freez* deadlock*
            segfault* segv panic* throws doesnt doesn't dosent won't wont cannot can't incorrect flaky invalid overflow*
            race null undefined nan traceback absturz* sturzt fehler* kaputt falsch hangt schlagt klappt geht funktioniert
            falla* error* mal incorrect* cuelga rompe plante erreur* faux fausse marche echoue bogue cloche
            崩溃 报错 错误 失败 出错 不对 泄漏 卡住 问题 死锁 不工作""",
        "speed": """slow slower fast faster speed* speedup perform* optimi* optimse quicker quick memory efficien* vectori*
            bottleneck langsam* schnell* beschleunig* leistung lento* lenta rapido mas-rapido rendimiento lent lente
            plus-rapide rapide* 慢 快 优化 性能 更快""",
        "algorithm": "algorithm* algorithmus algoritmo* algorithme* 算法",
        "change": """change* adapt* adjust* modif* update* simplif* simplfy shorten* extract* inline* convert* conver turn
            swap* merge* split* reuse* dedup* clean* tidy restructur* limit* handle* handel accept* ignor* skip* sort*
            return* raise* throw* trhow catch* validat* retry retries escape* guard* support* avoid* reduc* stop use using
            ander* vereinfach* ersetz* entfern* teile sortier* umwandel* prufe beachte verwend* cambia* simplific*
            reemplaz* acept* devuelv* usa utiliza ordena quita convert* conviert* divid* pasalo modifi* remplac* simplifi*
            utilise enleve* evite* decoupe* gere* gerer renvoie change 改 改成 修改 简化 换 替换 支持 去掉 增加 拆小 忽略""",
        "refactor": "refactor* refacter* refaktor* refactoriz* refactoris* 重构",
        "add": "add adding adds append include ergänz* erganz* fuge hinzu anade* agrega* pon ajout* ajoute* 加 添加 加上 加个",
        "remove": "remove* delete* drop rid losch* weg elimin* borra* supprim* 删除 删掉",
        "why": "why why's whys warum wieso weshalb porque pourquoi 为什么 为何 原因",
        "what": """what what's whats waht wat which where where's wheres who when meaning mean means define was welche* wofur
            wozu wer wann bedeutet heisst heißt que cual cuales donde cuando significa quel quelle quels quelles quoi qu'est
            c'est signifie veut 什么 哪个 哪些 是什么 什么意思 多少 哪里""",
        "how": "how howto wie como comment 怎么 如何 怎样",
        "explain": """explain* explian expalin* describ* summar* sumar* tell show clarify understand erklar* beschreib* fasse
            zusammen* explica* describe* resume* resum* expliqu* decri* 解释 说明 总结 介绍""",
        "difference": """difference* diff versus vs better compare* unterschied* besser diferencia* mejor difference meilleur*
            区别 不同 比较""",
        "document": """comment comments cmment docstring* docstrng doc docs jsdoc javadoc document documentation readme
            changelog typo typos spelling wording grammar comentari* commentaire* commente kommentar* kommentier* tippfehler*
            errata documenta* faute 注释 文档 文档字符串 错别字 提示""",
        "name": "rename* renmae name names naming umbenenn* benenne* bennen renombr* nombre renomm* nom 重命名 改名 名字 起个",
        "format": """format* indent* indentation lint* linter sort-imports import imports annotat* annotation* hint hints
            translat* traduc* tradui* ubersetz* typannotation* anotaci* 类型注解 翻译 格式化""",
        "message": "message msg label text title button colour color heading titel knopf texto boton libelle bouton 按钮 文字 提交信息",
        "command": """git bash vim docker sed awk jq grep ssh curl crontab regex command shortcut befehl comando commande commit
            正则 命令 提交""",
        "test": """test tests tets testing unittest* pytest coverage pruebas prueba cover fixtures mock mocks 测试 单元测试""",
        "review": "review* critique check spot look audit prufe revisa relis verifi* 检查 看看 审查",
        "must": "must with including plus incl und avec con 包括 要",
        "we": "we our us wir unser* nos nosotros nuestr* nous notre 我们",
        "you": "you can cn could please pls plz bitte por favor puedes peux stp s'il 请 帮我 能",
        "i": "i i'd i'm my ich mein* yo mi je mon ma 我",
        "thanks": "thanks thank hi hello hey danke gracias merci 谢谢 你好",
        "also": "then also and-then anschliessend danach dann luego despues ensuite puis 然后 再",
        "missing": "todo stub unfinished rest missing placeholder finish fill fehlende* resto manquant* 缺少",
    }
)

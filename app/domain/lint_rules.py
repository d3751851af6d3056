"""The linter's rules by the names that findings carry: what each holds, and how to mend what breaks it."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import N_


@dataclass(frozen=True, slots=True)
class Rule:
    means: str
    mend: str


def _rules(names: str, means: str, mend: str) -> dict[str, Rule]:
    return {name: Rule(means, mend) for name in names.split()}


RULES: Mapping[str, Rule] = {
    # ---- files and sets of files
    **_rules("file", N_("文件可以读取"), N_("用流程图、决策表的编辑器打开另存，或者换一个文件。")),
    **_rules("size", N_("文件和流程图的大小有限"), N_("把流程图拆成几张，用调用活动连接。")),
    **_rules("missing-file", N_("引用的文件都在"), N_("新建或导入这个文件，或者改掉对它的引用。")),
    **_rules("process_file", N_("一个文件一个流程，文件名就是流程标识"), N_("改流程标识，或者把文件拆成几个、改名。")),
    **_rules("unused", N_("文件都有用处"), N_("在流程图中引用它，或者在条款登记中登记这个流程；不需要的请删除。")),
    **_rules("register options-shape", N_("条款登记和选项表格式正确"), N_("按提示的位置改正文件内容。")),
    **_rules(
        "clause-uncarried clause-carrier clause-cited",
        N_("每个条款都有落实之处，引用条款的环节和决策行都登记在条款之下"),
        N_("在条款登记中补写 carried_by，或者写明为什么不必落实。"),
    ),
    **_rules("overtaken", N_("改动以现行内容为基础"), N_("在“对比”中比较两者，再选择以本稿为准或者放弃本稿的改动。")),
    **_rules(
        "extension_lost",
        N_("没有改动的元素不失去扩展属性"),
        N_("所用的工具不认识本系统的扩展属性：请改用本系统的编辑器，或者确认确需删除。"),
    ),
    # ---- what a diagram is made of
    **_rules(
        "extension refused event_subprocess multiple_event event_kind",
        N_("只使用能够执行的元素"),
        N_("删除该元素，或者按提示换成支持的画法。"),
    ),
    **_rules(
        "element namespace attribute",
        N_("只使用能够执行的元素"),
        N_("图上看得见的，在图上删除；看不见的是其他工具的附加内容，在“检查”页上一次去掉。"),
    ),
    **_rules("name unnamed", N_("名称清楚、没有控制字符"), N_("重新填写名称，不超过200字。")),
    **_rules(
        "id reserved_id duplicate_id duplicate_step duplicate_process",
        N_("标识唯一并且只用字母、数字、下划线和短横线"),
        N_("在属性面板中改掉该元素的标识。"),
    ),
    **_rules("executable", N_("流程可以执行"), N_("在流程的属性中选中“可执行”。")),
    **_rules("participant lane_ref", N_("泳池和泳道对应流程和节点"), N_("把节点移进泳道，或者删除多余的泳池。")),
    # ---- how it flows
    **_rules("start start_kind end", N_("有一个开始事件，有结束事件"), N_("补画开始事件或结束事件，多余的删除。")),
    **_rules(
        "incoming outgoing flow_end host default_flow",
        N_("连线完整"),
        N_("重新连接两端；分支用网关画出，默认去向选一条离开的连线。"),
    ),
    **_rules(
        "condition", N_("条件写在网关的连线上"), N_("给网关的这条连线填写条件，或者选为默认去向；别处的条件删除。")
    ),
    **_rules("unreachable endless", N_("每个节点都能到达，也都能结束"), N_("补上缺少的连线，或者删除孤立的节点。")),
    **_rules(
        "unjoined unsplit", N_("并行分开的分支用同类网关汇合"), N_("在汇合处加一个同类网关，或者去掉不需要的汇合。")
    ),
    **_rules("automatic_loop cycle", N_("循环中有等待"), N_("在循环中加入人工环节、定时或消息。")),
    **_rules(
        "side_returns side_blocks", N_("不打断的边界分支不影响主流程结束"), N_("让分支自行结束，主流程以终止事件结束。")
    ),
    # ---- steps
    **_rules("form", N_("人工环节有表单"), N_("在属性面板中选择表单，没有的先新建。")),
    **_rules("role", N_("人工环节有办理角色"), N_("在属性面板中选择角色。")),
    **_rules("clause rule_clause", N_("引用的条款在条款登记中"), N_("选择登记的条款；确有新条款的，先改条款登记。")),
    **_rules("deadline", N_("期限写法正确并注明类别"), N_("填写如 P5D 的时长，并选择期限类别和计算方法。")),
    **_rules("excludes", N_("回避的环节存在"), N_("选择本流程中的环节。")),
    **_rules("property property_value", N_("环节的扩展属性都认识"), N_("删除这个属性，或者改成列出的名称和值。")),
    **_rules(
        "operation operator parameter",
        N_("服务任务调用登记的操作"),
        N_("选择操作，按提示补全或删除参数，并指定结果变量。"),
    ),
    **_rules(
        "operation-needs",
        N_("系统操作要用的字段、文号和关联程序都有"),
        N_("在表单中增加这个字段，或者在条款登记中登记这一种文号或关联程序。"),
    ),
    **_rules(
        "script script_place", N_("脚本逐行写作“变量 = 表达式”"), N_("改正脚本；不能带脚本的节点请另画脚本任务。")
    ),
    # ---- events and messages
    **_rules("timer timer_literal two_timers", N_("定时写法正确"), N_('填写如 "P7D" 的时长或者日期表达式，只留一个。')),
    **_rules(
        "message_ref message_name payload retrieval correlation correlation_ref start_correlation",
        N_("消息有名称、内容和关联条件"),
        N_("在消息设置中补全名称、内容和按什么找到案件。"),
    ),
    **_rules(
        "error_ref escalation_ref error_boundary uncaught unraised",
        N_("错误和升级有环节发出，也有边界事件接住"),
        N_("在调用的环节上画出相应的边界事件，代码与发出的一致。"),
    ),
    **_rules("event_gateway", N_("事件网关后面是不同的消息或定时"), N_("在网关后直接画消息或定时的捕获事件。")),
    # ---- calls, tables, several instances
    **_rules(
        "unknown_process call_cycle", N_("被调用的流程存在，不绕回自己"), N_("改正调用的流程标识，或者新建这个流程。")
    ),
    **_rules("unknown_table", N_("调用的决策表存在"), N_("改正决策标识，或者新建这张决策表。")),
    **_rules(
        "instances collection item_name output_item embedded_instances",
        N_("多实例按集合展开，元素和结果都有名称"),
        N_("在属性面板中填写输入集合、输入元素、输出集合、输出元素，并声明这些变量。"),
    ),
    # ---- expressions and variables
    **_rules(
        "undeclared variable_name variable_type",
        N_("变量先声明，类型一致"),
        N_("在流程的变量中声明它，或者改正名称和类型。"),
    ),
    **_rules(
        "feel_unknown_name feel_unknown_field feel_unknown_function feel_unknown_value",
        N_("表达式只用存在的名称和选项"),
        N_("改成提示的名称或选项，或者在表单、变量、选项表中增加它。"),
    ),
    **_rules(
        "feel_syntax feel_nesting feel_length feel_empty feel_unsupported feel_not_context",
        N_("表达式写法正确"),
        N_("按 FEEL 的写法改正表达式。"),
    ),
    **_rules(
        "feel_result feel_type feel_compare feel_arithmetic feel_iso",
        N_("表达式的类型合适"),
        N_("改正表达式，使结果是需要的类型。"),
    ),
    # ---- decision tables
    **_rules(
        "table_file table_empty table_type table_output table_aggregation table_ranking table_literal invalid",
        N_("决策表完整，列有类型"),
        N_("在决策表编辑器中改正列、命中策略和标识。"),
    ),
    **_rules("rule_id rule_cells cell_size", N_("决策表的每一行完整"), N_("补全该行，或者删除后重新填写。")),
    **_rules(
        "rule_dead rule_overlap",
        N_("决策表的每一行都能命中，命中策略 UNIQUE 的各行互不重叠"),
        N_("改正条件，调整行的次序或命中策略，或者删除多余的行。"),
    ),
    **_rules("deadline_day", N_("期限从日期起算"), N_("选择填写日期的字段，或者不填（从收到之日起算）。")),
    **_rules("unset", N_("被调用的流程要用的变量有来处"), N_("在调用的流程中声明同名的变量，或者改正名称。")),
    **_rules("foreign-form", N_("环节用本规定的表单"), N_("选择本规定流程的表单，或者复制一份到本流程名下。")),
    **_rules("unsent unreceived", N_("消息有发出的，也有等待的"), N_("改正消息名称，使发出的与等待的一致。")),
    **_rules("nobody", N_("办理的岗位有人担任"), N_("换一个岗位，或者请管理员把岗位授予有关人员。")),
    **_rules("outcome", N_("办结的结果是统计认识的代码"), N_("改成提示的代码；确有新结果的，不必改。")),
    **_rules("scenario-name", N_("情景中的表单、环节和字段都存在"), N_("改成提示的名称，否则这些填写内容不起作用。")),
    # ---- letters
    **_rules(
        "letter-file letter-marks letter-field letter-template letter-step letter-number letter-other letter-clause "
        "letter-when",
        N_("文书模板可以填写，登记与流程一致"),
        N_("用 WPS 或 Word 改正模板中标出的位置后重新导入，或者改正条款登记中的文书一节。"),
    ),
    # ---- forms
    **_rules(
        "form-json form-shape form-version form-depth form-number form-size form-id",
        N_("表单文件可以读取"),
        N_("用表单编辑器打开另存，或者换一个文件。"),
    ),
    **_rules(
        "form-newer",
        N_("表单的版本是本系统认得的"),
        N_("用表单编辑器打开，看预览是否合意，保存一次即可。"),
    ),
    **_rules(
        "form-roles",
        N_("所选单位须有人担任的岗位都存在，写在选择单位的字段上"),
        N_("在属性中改成岗位清单里有的岗位，或者删去。"),
    ),
    **_rules(
        "form-core-name",
        N_("字段名不与系统给出的事实相同"),
        N_("在表单编辑器中给字段另取名称，并在用到它的表达式、情景和文书中一并改名。"),
    ),
    **_rules(
        "form-name form-double-key form-double-id form-label",
        N_("字段有名称和标签，不重复"),
        N_("在表单编辑器中改正字段的名称和标签。"),
    ),
    **_rules(
        "form-type form-columns form-options form-source",
        N_("字段类型受支持，选项表和选择范围存在"),
        N_("换成支持的字段类型，选择已有的选项表或者列出的选择范围。"),
    ),
    **_rules("form-filled", N_("表格的预填来源存在"), N_("改成列出的来源，或者删除 filled_from。")),
    **_rules("form-limits form-pattern", N_("字段的限制写法正确"), N_("改正上下限，格式规则从列出的当中选择。")),
    **_rules(
        "form-expression form-feel form-proposal",
        N_("表单中的算式和条件正确"),
        N_("改正表达式；显示建议的表单须有说明理由的字段。"),
    ),
}


def rule_of(name: str) -> Rule | None:
    """The rule that a finding names; refusals of single elements share one."""
    return RULES.get("refused" if name.startswith("refused_") else name)

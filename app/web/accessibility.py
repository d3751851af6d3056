"""无障碍声明: what of the pages everybody can use, what is known not to be, and whom to tell. Open to anybody.

Each statement of CONFORMS names the line of docs/wishes.md that holds its test; nothing is claimed without one.
"""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, render_template

from app.domain.errors import N_
from app.web.permission import public

screen = Blueprint("accessibility", __name__)

LOOKED_THROUGH = date(2026, 11, 23)
"""The day of the last look through all of it, by hand too."""

CONFORMS: Mapping[str, str] = {
    "pages": N_("各类页面逐页用自动检查工具（axe）对照 WCAG 2.2 AA 检查，发现问题不予发布。"),
    "keyboard": N_("从登录、查找、签收、填写到提交和转到下一件，只用键盘即可完成；按 ? 列出全部快捷键。"),
    "zoom": N_("放大到 200%、窗口宽 1366 像素或者手机宽 390 像素时，页面无需左右滚动。"),
    "outline": N_("每张流程图都有“文字大纲”：环节、岗位、条文、期限、状态和预计的下一步，可用键盘和读屏软件阅读。"),
    "colour": N_("期限灯同时有颜色、文字和天数，不只靠颜色区分。"),
    "errors": N_("提交有误时，页面顶部列出每一处并可直达栏目，栏目旁写同样的话和填写的样子，已填内容不丢失。"),
    "ime": N_("使用中文输入法时，组字期间的回车和快捷键不起作用。"),
    "time": N_("登录过期不丢失已填内容：重新登录后继续填写。"),
}
LACKS = (
    N_("流程设计中的画图需要用鼠标或者触摸：移动图形、连线没有键盘替代；属性栏、查找、登记表和表单预览可用键盘。"),
    N_("上传的扫描件只有图像时，读屏软件读不出文字，请同时上传可选中文字的版本。"),
    N_("下载的 Word、PDF 文书没有逐份做无障碍检查；页面上的预览内容相同。"),
    N_("浏览器停用脚本时，办理表单不能填写，其余页面可以阅读。"),
    N_("还没有由残障同事试用，也没有第三方评测；读屏软件只按标准核对，没有逐一实测。"),
)


@screen.get("/accessibility")
@public
def show() -> str:
    return render_template("accessibility.html", conforms=CONFORMS, lacks=LACKS, day=LOOKED_THROUGH)

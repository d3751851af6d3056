// form-js-editor has no translate service: what it writes, by its exact text.
export const DRAWN = {
  'Components': '字段', 'Search components': '查找字段', 'Input': '填写', 'Selection': '选择', 'Presentation': '展示', 'Containers': '分组', 'Action': '人员、单位与附件',
  'No components found.': '没有找到字段。', 'Build your form': '设计表单', 'Drag and drop components here to start designing.': '把左边的字段拖到这里。',
  'Use the preview window to test your form.': '右边可以看到办理时的样子。', 'Remove Group': '删除分组', 'Remove Form': '删除表单', 'Remove form field': '删除字段', 'Remove form field group': '删除分组',
  'Copy': '复制', 'Duplicate': '再加一个', 'Cut': '剪切', 'Delete': '删除', 'Section contains data': '已填写', 'Toggle section': '展开或收起', 'Create new list item': '添加一项', 'Delete item': '删除此项', 'Toggle list item': '展开或收起',
  'Select a form field to edit its properties.': '选中字段后编辑属性。', 'Multiple form fields are selected. Select a single form field to edit its properties.': '选中了多个字段，请只选一个。',
  'Form': '表单', 'FORM': '表单', 'Text view': '说明文字', 'Group': '分组', 'Powered by bpmn.io': '由 bpmn.io 提供', 'Open powered by BPMN.iO light-box': '关于 bpmn.io', 'Close': '关闭',
  'Label': '名称', 'No results': '没有结果', 'Clear content': '清空', 'Form viewer palette': '字段', 'Empty': '空', 'Increment': '增加', 'Decrement': '减少', 'Section contains an error': '有错误', 'Section contains edits': '已填写',
  'List contains': '共', 'Remove': '删除',
};

/** Sentences with the name of a field in them. */
export const PATTERNS = [ [ /^Create an? (.*) element$/, '添加“$1”' ], [ /^Remove (.*)$/, '删除$1' ], [ /^Move (.*)$/, '移动$1' ] ];

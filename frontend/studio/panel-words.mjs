// What the properties panel writes by itself, without asking for a translation.
export const PANEL = {
  'Toggle section': '展开或收起', 'Create new list item': '添加一项', 'Delete item': '删除此项', 'Toggle list item': '展开或收起', 'Section contains data': '已填写', 'Section contains edits': '已填写', 'Section contains an error': '有错误',
  'Section contains a warning': '有提醒', 'Open pop-up editor': '打开弹出编辑器', 'Opens in popup editor': '打开弹出编辑器', 'List contains 1 item': '共 1 项', 'Create': '添加', 'Remove': '删除', 'Increment': '增加', 'Decrement': '减少',
};
export const COUNTED = [ [ /^List contains (\d+) items?$/, '共 $1 项' ] ];

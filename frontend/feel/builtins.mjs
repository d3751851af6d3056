// The functions of the language and the type each one gives; "any" where it depends on the arguments.
const of = (type, ...names) => Object.fromEntries(names.map((name) => [ name, type ]));

// no prototype: "constructor" is no function of the language
export const RESULTS = Object.assign(Object.create(null), {
  ...of('boolean', 'not', 'contains', 'matches', 'starts with', 'ends with', 'list contains', 'all', 'any', 'odd', 'even', 'is',
    'before', 'after', 'meets', 'met by', 'overlaps', 'overlaps before', 'overlaps after', 'finishes', 'finished by', 'includes',
    'during', 'starts', 'started by', 'coincides'),
  ...of('string', 'string', 'substring', 'upper case', 'lower case', 'substring before', 'substring after', 'replace', 'string join',
    'day of week', 'month of year'),
  ...of('number', 'number', 'string length', 'count', 'sum', 'mean', 'product', 'median', 'stddev', 'decimal', 'floor', 'ceiling',
    'abs', 'modulo', 'sqrt', 'log', 'exp', 'day of year', 'week of year', 'round up', 'round down', 'round half up', 'round half down'),
  ...of('list', 'split', 'list replace', 'sublist', 'append', 'concatenate', 'insert before', 'remove', 'reverse', 'index of', 'union',
    'distinct values', 'flatten', 'mode', 'sort', 'get entries'),
  ...of('any', 'min', 'max', 'get value'),
  ...of('context', 'context', 'context merge', 'context put'),
  date: 'date', time: 'time', 'date and time': 'date time', duration: 'duration', 'years and months duration': 'duration',
  now: 'date time', today: 'date',
});

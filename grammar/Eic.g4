// The syntax of .eic (docs/language.md), and nothing else: no code, no meaning, no placement. Which item may stand in
// which block is the business of sema, so that every block reads alike and an error in one item never hides the next.
//
// Between lexer and parser, compiler/parse tells the keywords from the other words (a keyword is its token's name in lower
// case; as lexer rules they would cost a millisecond at every start), then walks the tokens once: it joins numbers with
// their units (QUANTITY), drops the newlines that are blank, and enforces the limits.
grammar Eic;

tokens {
  USE, AS, PARAM, LET, STATE, FN, GATE, CONDUCTANCE, CURRENT, INIT, ON, ALLOW,
  CHANNEL, SYNAPSE, POOL, PLASTICITY, ION, SPIKE, WHEN, CROSSES, REFRACTORY, RESET, CELL,
  NETWORK, POPULATION, PROJECTION, STIMULUS, SIMULATE, OF, PHASE, RECORD, NOTHING, EVERY, TO,
  SWEEP, ZIP, TEST, EXPECT, IN, WITHIN, PASS, SEEDS, AT, KINETIC, GAP,
  IF, THEN, ELSE, AND, OR, NOT, TRUE, FALSE,
  QUANTITY
}

file           : item? (separator item?)* EOF ;
expressionOnly : value EOF ;

separator : ',' | NEWLINE ;
block     : '{' item? (separator item?)* '}' ;

item
  : use | param | let | state | function | gate | conductance | current | init | onEvent | allow
  | mechanism | ion | spike | onReset | cell
  | network | population | projection | stimulus
  | simulate | phase | record | sweep | zip
  | test | expect | passIn
  | kinetic | equation | binding
  ;

// ---- mechanisms and cells
use         : USE (path | STRING) '{' useName? (separator useName?)* '}' ;
useName     : name (AS name)? ;
param       : PARAM (parameter | '{' parameter? (separator parameter?)* '}') ;
parameter   : name (':' unit ('|' unit)* ('=' expr)? | '=' expr) (IN expr '..' expr)? ;
let         : LET name '=' expr ;
state       : STATE name ('.' name)? (':' unit)? ('=' expr)? ;
equation    : name ('.' name)? '\'' '=' expr ;
function    : FN name '(' (name (',' name)* ','?)? ')' '=' expr ;
gate        : GATE name ('^' NUMBER)? block ;
conductance : CONDUCTANCE expr ;
current     : CURRENT expr ;
init        : INIT (binding | '{' binding? (separator binding?)* '}') ;
onEvent     : ON name ('(' (eventArgument (',' eventArgument)* ','?)? ')')? block ;
eventArgument : name (':' unit)? ;
allow       : ALLOW '(' name ',' STRING ','? ')' ;
mechanism   : kind=(CHANNEL | SYNAPSE | POOL | PLASTICITY) name (instance | declaration) ;
declaration : ('(' ION name (',' ION name)* ','? ')')? block ;
instance    : ':' name (ON name (',' name)*)? block? ;
ion         : ION name (':' name)? block? ;
spike       : SPIKE WHEN expr (CROSSES expr)? (',' REFRACTORY '=' expr)? ;
onReset     : RESET block ;
kinetic     : KINETIC '{' transition? (separator transition?)* '}' ;
transition  : name direction=('<->' | '->') name '(' expr (',' expr)? ','? ')' ;
cell        : CELL name (':' name)? block ;

// ---- networks
network    : NETWORK name block ;
population : POPULATION name ':' name '[' expr ']' block? ;
projection : (PROJECTION | GAP) name ':' target '->' target block ;
stimulus   : STIMULUS (name ':')? name '->' target block? ;
target     : path ('[' value (',' value)* ','? ']' ('.' path)?)? ;

// ---- experiments
simulate : SIMULATE name OF name block ;
phase    : PHASE name expr block? ;
record   : RECORD (NOTHING | path (',' path)* (OF target)? (EVERY expr)? (TO STRING)?) ;
sweep    : SWEEP name OF name block ;
zip      : ZIP block ;
test     : TEST STRING OF name block ;
expect   : EXPECT expr (comparator=('~' | IN) value (WITHIN name expr)?)? ;
passIn   : PASS IN expr OF expr SEEDS ;

// ---- settings, units, expressions
binding : path op=('=' | '+=' | '-=' | '*=' | '/=') value (AT expr)? ;
path    : name ('.' name)* ;

unit     : unitWord ('/' unitWord)* | NUMBER ;
unitWord : (name | UNIT_WORD) ('^' '-'? NUMBER)? ;

value : expr (op=('..' | '+-') expr)? ;

// Loosest first. Every choice below is made on one token, which keeps a cold start cheap.
expr        : IF expr THEN expr ELSE expr | disjunction ;
disjunction : conjunction (OR conjunction)* ;
conjunction : negation (AND negation)* ;
negation    : NOT negation | comparison ;
comparison  : sum (op+=('<' | '<=' | '>' | '>=' | '==' | '!=') sum)* ;
sum         : product (op+=('+' | '-') product)* ;
product     : sign (op+=('*' | '/') sign)* ;
sign        : '-' sign | power ;
power       : primary ('^' sign)? ;
primary
  : NUMBER | QUANTITY | STRING | TRUE | FALSE
  | reference
  | '(' expr ')'
  | '[' (value (',' value)* ','?)? ']'
  ;
reference : name (call | ('.' name)*) ;
call      : '(' (argument (',' argument)* ','?)? ')' ;
argument  : (name '=')? value ;

// Keywords are soft: every one of them is a name wherever a name may stand.
name
  : WORD
  | USE | AS | PARAM | LET | STATE | FN | GATE | CONDUCTANCE | CURRENT | INIT | ON | ALLOW
  | CHANNEL | SYNAPSE | POOL | PLASTICITY | ION | SPIKE | WHEN | CROSSES | REFRACTORY | RESET | CELL
  | NETWORK | POPULATION | PROJECTION | STIMULUS | SIMULATE | OF | PHASE | RECORD | NOTHING | EVERY | TO
  | SWEEP | ZIP | TEST | EXPECT | IN | WITHIN | PASS | SEEDS | AT | KINETIC | GAP
  ;

// ---- the raw lexer
LBRACE : '{' ;  RBRACE : '}' ;  LPAREN : '(' ;  RPAREN : ')' ;  LBRACK : '[' ;  RBRACK : ']' ;
COMMA : ',' ;  COLON : ':' ;  DOT : '.' ;  RANGE : '..' ;  PRIME : '\'' ;  PIPE : '|' ;  TILDE : '~' ;  ARROW : '->' ;  ARROWS : '<->' ;
PLUS_MINUS : '+-' ;  PLUS : '+' ;  MINUS : '-' ;  STAR : '*' ;  SLASH : '/' ;  CARET : '^' ;
ASSIGN : '=' ;  PLUS_ASSIGN : '+=' ;  MINUS_ASSIGN : '-=' ;  STAR_ASSIGN : '*=' ;  SLASH_ASSIGN : '/=' ;
LT : '<' ;  LE : '<=' ;  GT : '>' ;  GE : '>=' ;  EQ : '==' ;  NE : '!=' ;

NUMBER    : DIGIT+ ('.' DIGIT+)? ([eE] [+-]? DIGIT+)? ;
WORD      : LETTER (LETTER | DIGIT)* ;
UNIT_WORD : (LETTER | SIGN) (LETTER | DIGIT | SIGN)* ;   // µ and Ω, each in both its code points
STRING    : '"' ~["\r\n]* '"' ;
UNCLOSED  : '"' ~["\r\n]* ;
NEWLINE   : '\r'? '\n' | '\r' ;
COMMENT   : '#' ~[\r\n]* -> skip ;
BLANK     : [ \t]+ -> skip ;
TYPOGRAPHIC_MINUS : [\u2010-\u2015\u2212\uFE63\uFF0D] ;
BAD       : . ;

fragment DIGIT  : [0-9] ;
fragment LETTER : [A-Za-z_] ;
fragment SIGN   : [\u00B5\u03BC\u2126\u03A9] ;

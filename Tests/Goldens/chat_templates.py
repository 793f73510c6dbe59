"""Writes chat_templates.json: what jinja2, set up as transformers does it, makes of the chat templates of model families.

Run in an environment with `pip install transformers jinja2`; the result is committed. The templates are those of the
models' own files (`chat_template` in tokenizer_config.json on huggingface.co): Qwen/Qwen2.5-7B-Instruct,
Qwen/Qwen2.5-Math-7B-Instruct, Qwen/Qwen3-0.6B, Qwen/Qwen3-4B-Instruct-2507 and -Thinking-2507 (Apache 2.0),
meta-llama/Meta-Llama-3-8B-Instruct, Llama-3.1-8B-Instruct and Llama-3.2-3B-Instruct (Llama licences),
deepseek-ai/DeepSeek-R1-Distill-Qwen-7B and DeepSeek-R1 (MIT), HuggingFaceTB/SmolLM2-135M-Instruct (Apache 2.0). They are
here to test that a template is recognised and rendered; each conversation's text is kept as its hash (FNV-1a, 64 bits).
"""

import json
import pathlib
import random

QWEN_TOOLS = r'''You may call one or more functions to assist with the user query.\n\nYou are provided with function signatures within <tools></tools> XML tags:\n<tools>" }}
    {%- for tool in tools %}
        {{- "\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\n</tools>\n\nFor each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:\n<tool_call>\n{\"name\": <function-name>, \"arguments\": <args-json-object>}\n</tool_call><|im_end|>\n" }}
{%- else %}
'''

QWEN25 = (
    r'''{%- if tools %}
    {{- '<|im_start|>system\n' }}
    {%- if messages[0]['role'] == 'system' %}
        {{- messages[0]['content'] }}
    {%- else %}
        {{- 'SYSTEM' }}
    {%- endif %}
    {{- "\n\n# Tools\n\n''' + QWEN_TOOLS + r'''    {%- if messages[0]['role'] == 'system' %}
        {{- '<|im_start|>system\n' + messages[0]['content'] + '<|im_end|>\n' }}
    {%- else %}
        {{- '<|im_start|>system\nSYSTEM<|im_end|>\n' }}
    {%- endif %}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>' + '\n' }}
    {%- elif message.role == "assistant" %}
        {{- '<|im_start|>' + message.role }}
        {%- if message.content %}
            {{- '\n' + message.content }}
        {%- endif %}
        {%- for tool_call in message.tool_calls %}
            {%- if tool_call.function is defined %}
                {%- set tool_call = tool_call.function %}
            {%- endif %}
            {{- '\n<tool_call>\n{"name": "' }}
            {{- tool_call.name }}
            {{- '", "arguments": ' }}
            {{- tool_call.arguments | tojson }}
            {{- '}\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\n' }}
    {%- elif message.role == "tool" %}
        {%- if (loop.index0 == 0) or (messages[loop.index0 - 1].role != "tool") %}
            {{- '<|im_start|>user' }}
        {%- endif %}
        {{- '\n<tool_response>\n' }}
        {{- message.content }}
        {{- '\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}
            {{- '<|im_end|>\n' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\n' }}
{%- endif %}
'''
)

QWEN3_HEAD = (
    r'''{%- if tools %}
    {{- '<|im_start|>system\n' }}
    {%- if messages[0].role == 'system' %}
        {{- messages[0].content + '\n\n' }}
    {%- endif %}
    {{- "# Tools\n\n''' + QWEN_TOOLS + r'''    {%- if messages[0].role == 'system' %}
        {{- '<|im_start|>system\n' + messages[0].content + '<|im_end|>\n' }}
    {%- endif %}
{%- endif %}
'''
)
QWEN3_QUERY = r'''{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step_tool and message.role == "user" and IS_STRINGnot(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.multi_step_tool = false %}
        {%- set ns.last_query_index = index %}
    {%- endif %}
{%- endfor %}
'''
QWEN3_CONTENT = r'''    {%- if message.content is string %}
        {%- set content = message.content %}
    {%- else %}
        {%- set content = '' %}
    {%- endif %}
'''
QWEN3_TURNS = r'''    {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\n' + CONTENT + '<|im_end|>' + '\n' }}
    {%- elif message.role == "assistant" %}
'''
QWEN3_REASONING_1 = r'''        {%- set content = message.content %}
        {%- set reasoning_content = '' %}
        {%- if message.reasoning_content is defined and message.reasoning_content is not none %}
            {%- set reasoning_content = message.reasoning_content %}
        {%- else %}
            {%- if '</think>' in message.content %}
                {%- set content = message.content.split('</think>')[-1].lstrip('\n') %}
                {%- set reasoning_content = message.content.split('</think>')[0].rstrip('\n').split('<think>')[-1].lstrip('\n') %}
            {%- endif %}
        {%- endif %}
'''
QWEN3_REASONING_2 = r'''        {%- set reasoning_content = '' %}
        {%- if message.reasoning_content is string %}
            {%- set reasoning_content = message.reasoning_content %}
        {%- else %}
            {%- if '</think>' in content %}
                {%- set reasoning_content = content.split('</think>')[0].rstrip('\n').split('<think>')[-1].lstrip('\n') %}
                {%- set content = content.split('</think>')[-1].lstrip('\n') %}
            {%- endif %}
        {%- endif %}
'''
QWEN3_ANSWER = r'''        {%- if loop.index0 > ns.last_query_index %}
            {%- if loop.last or (not loop.last and reasoning_content) %}
                {{- '<|im_start|>' + message.role + '\n<think>\n' + reasoning_content.strip('\n') + '\n</think>\n\n' + content.lstrip('\n') }}
            {%- else %}
                {{- '<|im_start|>' + message.role + '\n' + content }}
            {%- endif %}
        {%- else %}
            {{- '<|im_start|>' + message.role + '\n' + content }}
        {%- endif %}
'''
QWEN3_TAIL = r'''        {%- if message.tool_calls %}
            {%- for tool_call in message.tool_calls %}
                {%- if (loop.first and content) or (not loop.first) %}
                    {{- '\n' }}
                {%- endif %}
                {%- if tool_call.function %}
                    {%- set tool_call = tool_call.function %}
                {%- endif %}
                {{- '<tool_call>\n{"name": "' }}
                {{- tool_call.name }}
                {{- '", "arguments": ' }}
                {%- if tool_call.arguments is string %}
                    {{- tool_call.arguments }}
                {%- else %}
                    {{- tool_call.arguments | tojson }}
                {%- endif %}
                {{- '}\n</tool_call>' }}
            {%- endfor %}
        {%- endif %}
        {{- '<|im_end|>\n' }}
    {%- elif message.role == "tool" %}
        {%- if loop.first or (messages[loop.index0 - 1].role != "tool") %}
            {{- '<|im_start|>user' }}
        {%- endif %}
        {{- '\n<tool_response>\n' }}
        {{- CONTENT }}
        {{- '\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}
            {{- '<|im_end|>\n' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\nTHOUGHT' }}
'''
QWEN3_SWITCH = r'''    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\n\n</think>\n\n' }}
    {%- endif %}
'''
LOOP = "{%- for message in messages %}\n"
QWEN3_1 = (
    (QWEN3_HEAD + QWEN3_QUERY + LOOP + QWEN3_TURNS + QWEN3_REASONING_1 + QWEN3_ANSWER + QWEN3_TAIL + QWEN3_SWITCH)
    .replace("IS_STRING", "").replace("CONTENT", "message.content").replace("THOUGHT", "") + "{%- endif %}"
)  # fmt: skip
QWEN3_2 = (
    QWEN3_HEAD + QWEN3_QUERY + LOOP + QWEN3_CONTENT + QWEN3_TURNS + QWEN3_REASONING_2 + QWEN3_ANSWER + QWEN3_TAIL
).replace("IS_STRING", "message.content is string and ").replace("CONTENT", "content")  # fmt: skip
QWEN3_PLAIN = (
    QWEN3_HEAD + LOOP + QWEN3_CONTENT + QWEN3_TURNS
    + "        {{- '<|im_start|>' + message.role + '\\n' + content }}\n" + QWEN3_TAIL
).replace("CONTENT", "content").replace("THOUGHT", "") + "{%- endif %}"  # fmt: skip

LLAMA3 = (
    "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + "
    "message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}"
    "{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}"
)
LLAMA3_PROMPT = "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}"

LLAMA31_TOOLS = r'''    {{- 'Respond in the format {"name": function name, "parameters": dictionary of argument name and its value}.' }}
    {{- "Do not use variables.\n\n" }}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\n\n" }}
    {%- endfor %}
'''
LLAMA31 = (
    r'''{{- bos_token }}
{%- if custom_tools is defined %}
    {%- set tools = custom_tools %}
{%- endif %}
{%- if not tools_in_user_message is defined %}
    {%- set tools_in_user_message = true %}
{%- endif %}
{%- if not date_string is defined %}
DATE{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}

{#- This block extracts the system message, so we can slot it into the right place. #}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}

{#- System message #}
{{- "<|start_header_id|>system<|end_header_id|>\n\n" }}
{%- if BUILTINtools is not none %}
    {{- "Environment: ipython\n" }}
{%- endif %}
LIST{{- "Cutting Knowledge Date: December 2023\n" }}
{{- "Today Date: " + date_string + "\n\n" }}
{%- if tools is not none and not tools_in_user_message %}
    {{- "You have access to the following functions. To call a function, please respond with JSON for a function call." }}
''' + LLAMA31_TOOLS + r'''{%- endif %}
{{- system_message }}
{{- "<|eot_id|>" }}

{#- Custom tools are passed in a user message with some extra guidance #}
{%- if tools_in_user_message and not tools is none %}
    {#- Extract the first user message so we can plug it in here #}
    {%- if messages | length != 0 %}
        {%- set first_user_message = messages[0]['content']|trim %}
        {%- set messages = messages[1:] %}
    {%- else %}
        {{- raise_exception("Cannot put tools in the first user message when there's no first user message!") }}
{%- endif %}
    {{- '<|start_header_id|>user<|end_header_id|>\n\n' -}}
    {{- "Given the following functions, please respond with a JSON for a function call " }}
    {{- "with its proper arguments that best answers the given prompt.\n\n" }}
''' + LLAMA31_TOOLS + r'''    {{- first_user_message + "<|eot_id|>"}}
{%- endif %}

{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}
            {{- raise_exception("This model only supports single tool-calls at once!") }}
        {%- endif %}
        {%- set tool_call = message.tool_calls[0].function %}
CALL    {%- elif message.role == "tool" or message.role == "ipython" %}
        {{- "<|start_header_id|>ipython<|end_header_id|>\n\n" }}
        {%- if message.content is mapping or message.content is iterable %}
            {{- message.content | tojson }}
        {%- else %}
            {{- message.content }}
        {%- endif %}
        {{- "<|eot_id|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}
{%- endif %}
'''
)
LLAMA31_BUILTIN_CALL = r'''        {%- if builtin_tools is defined and tool_call.name in builtin_tools %}
            {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' -}}
            {{- "<|python_tag|>" + tool_call.name + ".call(" }}
            {%- for arg_name, arg_val in tool_call.arguments | items %}
                {{- arg_name + '="' + arg_val + '"' }}
                {%- if not loop.last %}
                    {{- ", " }}
                {%- endif %}
                {%- endfor %}
            {{- ")" }}
        {%- else  %}
            {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' -}}
            {{- '{"name": "' + tool_call.name + '", ' }}
            {{- '"parameters": ' }}
            {{- tool_call.arguments | tojson }}
            {{- "}" }}
        {%- endif %}
        {%- if builtin_tools is defined %}
            {#- This means we're in ipython mode #}
            {{- "<|eom_id|>" }}
        {%- else %}
            {{- "<|eot_id|>" }}
        {%- endif %}
'''
LLAMA32_CALL = r'''        {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' -}}
        {{- '{"name": "' + tool_call.name + '", ' }}
        {{- '"parameters": ' }}
        {{- tool_call.arguments | tojson }}
        {{- "}" }}
        {{- "<|eot_id|>" }}
'''
LLAMA32_DATE = r'''    {%- if strftime_now is defined %}
        {%- set date_string = strftime_now("%d %b %Y") %}
    {%- else %}
        {%- set date_string = "26 Jul 2024" %}
    {%- endif %}
'''
LLAMA31_LIST = r'''{%- if builtin_tools is defined %}
    {{- "Tools: " + builtin_tools | reject('equalto', 'code_interpreter') | join(", ") + "\n\n"}}
{%- endif %}
'''


def llama31(date, builtin, listing, call):
    text = LLAMA31.replace("DATE", date).replace("BUILTIN", builtin).replace("LIST", listing).replace("CALL", call)
    return text.replace("System message #", "System message + builtin tools #") if builtin else text


CALL = "tool['type'] + '<｜tool▁sep｜>' + tool['function']['name'] + '\\n' + '```json' + '\\n' + tool['function']['arguments'] + '\\n' + '```' + '<｜tool▁call▁end｜>'"  # noqa: E501
R1_HEAD = "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}"
R1_USER = (
    "{%- for message in messages %}{%- if message['role'] == 'user' %}{%- set ns.is_tool = false -%}"
    "{{'<｜User｜>' + message['content']}}{%- endif %}"
)
R1_ANSWER = (
    "{%- if ns.is_tool %}{{'<｜tool▁outputs▁end｜>' + message['content'] + '<｜end▁of▁sentence｜>'}}"
    "{%- set ns.is_tool = false -%}{%- else %}{% set content = message['content'] %}{% if '</think>' in content %}"
    "{% set content = content.split('</think>')[-1] %}{% endif %}"
    "{{'<｜Assistant｜>' + content + '<｜end▁of▁sentence｜>'}}{%- endif %}{%- endif %}"
    "{%- if message['role'] == 'tool' %}{%- set ns.is_tool = true -%}{%- if ns.is_output_first %}"
    "{{'<｜tool▁outputs▁begin｜><｜tool▁output▁begin｜>' + message['content'] + '<｜tool▁output▁end｜>'}}"
    "{%- set ns.is_output_first = false %}{%- else %}"
    "{{'\\n<｜tool▁output▁begin｜>' + message['content'] + '<｜tool▁output▁end｜>'}}{%- endif %}{%- endif %}{%- endfor -%}"
    "{% if ns.is_tool %}{{'<｜tool▁outputs▁end｜>'}}{% endif %}{% if add_generation_prompt and not ns.is_tool %}"
    "{{'<｜Assistant｜><think>\\n'}}{% endif %}"
)
R1_DISTILL = (
    R1_HEAD + "{% set ns = namespace(is_first=false, is_tool=false, is_output_first=true, system_prompt='') %}"
    "{%- for message in messages %}{%- if message['role'] == 'system' %}{% set ns.system_prompt = message['content'] %}"
    "{%- endif %}{%- endfor %}{{bos_token}}{{ns.system_prompt}}" + R1_USER
    + "{%- if message['role'] == 'assistant' and message['content'] is none %}{%- set ns.is_tool = false -%}"
    "{%- for tool in message['tool_calls']%}{%- if not ns.is_first %}"
    "{{'<｜Assistant｜><｜tool▁calls▁begin｜><｜tool▁call▁begin｜>' + " + CALL + "}}{%- set ns.is_first = true -%}{%- else %}"
    "{{'\\n' + '<｜tool▁call▁begin｜>' + " + CALL + "}}{{'<｜tool▁calls▁end｜><｜end▁of▁sentence｜>'}}{%- endif %}"
    "{%- endfor %}{%- endif %}{%- if message['role'] == 'assistant' and message['content'] is not none %}" + R1_ANSWER
)  # fmt: skip
R1 = (
    R1_HEAD + "{% set ns = namespace(is_first=false, is_tool=false, is_output_first=true, system_prompt='', "
    "is_first_sp=true) %}{%- for message in messages %}{%- if message['role'] == 'system' %}{%- if ns.is_first_sp %}"
    "{% set ns.system_prompt = ns.system_prompt + message['content'] %}{% set ns.is_first_sp = false %}{%- else %}"
    "{% set ns.system_prompt = ns.system_prompt + '\\n\\n' + message['content'] %}{%- endif %}{%- endif %}"
    "{%- endfor %}{{ bos_token }}{{ ns.system_prompt }}" + R1_USER
    + "{%- if message['role'] == 'assistant' and 'tool_calls' in message %}{%- set ns.is_tool = false -%}"
    "{%- for tool in message['tool_calls'] %}{%- if not ns.is_first %}{%- if message['content'] is none %}"
    "{{'<｜Assistant｜><｜tool▁calls▁begin｜><｜tool▁call▁begin｜>' + " + CALL + "}}{%- else %}"
    "{{'<｜Assistant｜>' + message['content'] + '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>' + " + CALL + "}}{%- endif %}"
    "{%- set ns.is_first = true -%}{%- else %}{{'\\n' + '<｜tool▁call▁begin｜>' + " + CALL + "}}{%- endif %}{%- endfor %}"
    "{{'<｜tool▁calls▁end｜><｜end▁of▁sentence｜>'}}{%- endif %}"
    "{%- if message['role'] == 'assistant' and 'tool_calls' not in message %}" + R1_ANSWER
)  # fmt: skip

CHATML = (
    "{% for message in messages %}FIRST{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + "
    "'\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
FIRST = (
    "{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\nSYSTEM<|im_end|>\n' }}{% endif %}"
)

QWEN_SYSTEM = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."
MATH_SYSTEM = r"Please reason step by step, and put your final answer within \\boxed{}."
SMOLLM_SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
DEEPSEEK = ("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>")
META = ("<|begin_of_text|>", "<|eot_id|>")

# Name of the family, text, bos and eos, keywords of rendering.
TEMPLATES = [
    ("chatml", CHATML.replace("FIRST", ""), "", "<|im_end|>", {}),
    ("smollm2", CHATML.replace("FIRST", FIRST.replace("SYSTEM", SMOLLM_SYSTEM)), "<|im_start|>", "<|im_end|>", {}),
    ("qwen2.5", QWEN25.replace("SYSTEM", QWEN_SYSTEM), "", "<|im_end|>", {}),
    ("qwen2.5-math", QWEN25.replace("SYSTEM", MATH_SYSTEM), "", "<|im_end|>", {}),
    ("qwen3", QWEN3_1, "", "<|im_end|>", {}),
    ("qwen3", QWEN3_1, "", "<|im_end|>", {"enable_thinking": False}),
    ("qwen3", QWEN3_2.replace("THOUGHT", "") + QWEN3_SWITCH + "{%- endif %}", "", "<|im_end|>",
     {"enable_thinking": True}),
    ("qwen3-instruct-2507", QWEN3_PLAIN, "", "<|im_end|>", {}),
    ("qwen3-thinking-2507", QWEN3_2.replace("THOUGHT", r"<think>\n") + "{%- endif %}", "", "<|im_end|>", {}),
    ("llama3", LLAMA3 + "{% if add_generation_prompt %}" + LLAMA3_PROMPT + "{% endif %}", *META, {}),
    ("llama3.1", llama31('    {%- set date_string = "26 Jul 2024" %}\n', "builtin_tools is defined or ", LLAMA31_LIST,
                         LLAMA31_BUILTIN_CALL), *META, {}),
    ("llama3.2", llama31(LLAMA32_DATE, "", "", LLAMA32_CALL), *META, {"date_string": "01 Dec 2026"}),
    ("deepseek-r1-distill", R1_DISTILL, *DEEPSEEK, {}),
    ("deepseek-r1-distill", R1_DISTILL.replace("<think>\\n", ""), *DEEPSEEK, {}),
    ("deepseek-r1", R1, *DEEPSEEK, {}),
]  # fmt: skip

PIECES = [
    "What is 2 + 2?", "4", "", " ", "\n", "\n\nPut the answer in \\boxed{}.\n", "  padded \t", "<think>", "</think>",
    "<think>\nFirst, 2.\n</think>\n\nIt is 4.", "no start</think>an end", "<think>a</think>b<think>c</think>\nd",
    "é à 中文 🙂", "\u00a0nbsp\u3000", "\u001fseparator\u001c", "\"quotes\" 'and' \\backslash", "<|im_end|>",
    "<tool_response>\n42\n</tool_response>", "<tool_response>", "a\r\nb", "\u0301combining", "<b>&amp;</b>", "\u0085x\u2028",
    "<think>\u0301x</think>\u0301y", "{{ messages }}",
]  # fmt: skip


def conversations():
    """A hundred, of one to seven messages of every role."""
    random_number = random.Random(7)
    found = [
        [("user", "Hi")], [("system", "S"), ("user", "Hi")], [("system", "only")], [("assistant", "only")],
        [("tool", "only")], [("user", "a"), ("assistant", "b"), ("user", "c")],
        [("user", "a"), ("tool", "r1"), ("tool", "r2"), ("assistant", "b"), ("tool", "r3")],
        [("system", "a"), ("system", "b"), ("user", "c"), ("system", "d")],
    ]  # fmt: skip
    while len(found) < 100:
        roles = random_number.choices(["user", "assistant", "system", "tool"], [4, 4, 1, 1], k=random_number.randint(1, 7))
        found.append([
            (role, "".join(random_number.choices(PIECES, k=random_number.randint(1, 3)))) for role in roles
        ])  # fmt: skip
    return [[{"role": role, "content": content} for role, content in messages] for messages in found]


def environment_template(text):
    """The template as transformers compiles it."""
    from transformers.utils.chat_template_utils import _compile_jinja_template

    return _compile_jinja_template(text)


def fnv(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


def main():
    talks = conversations()
    families = []
    for name, text, bos, eos, keywords in TEMPLATES:
        template = environment_template(text)
        hashes = [
            fnv(template.render(messages=talk, bos_token=bos, eos_token=eos, add_generation_prompt=prompt, **keywords))
            for talk in talks
            for prompt in (False, True)
        ]
        families.append(
            {"name": name, "bos": bos, "eos": eos, **keywords, "template": text, "hashes": " ".join(hashes)}
        )
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps({"conversations": talks, "families": families}, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

"""The manual pages that ``%%llm?`` and ``%llm?`` show."""

from __future__ import annotations

from nbstream.magics.commands import manual as commands
from nbstream.magics.parser import manual as options

CELL = f"""Ask a model, and stream its answer into this cell.

SYNOPSIS
    %%llm [options]
    the prompt

    A backslash at the end of the first line continues the options on the next one. Tab completes
    options, models and names. %llm does the same in one line, and has commands: see %llm?.

OPTIONS
{options()}

THE ANSWER
    It is the cell's value: _, Out[n] and, with -o, NAME. _llm is the last one in any case.

    _.text              the text, which print(_) prints too
    _.output            the value of --schema
    _.df                the same as a DataFrame: a row for each object of a list
    _.code  _.codes     the code in the text, whole and block by block
    _.usage             the tokens; _.usage.cost is their price in dollars, if it is known
    _.finish_reason     why it ended: stop, length, cancelled, ...
    _.message           all of it, to go on from in Python
    _.save(path)        writes .md, .html, .txt, .json, .csv, or a file of the answer
    _.result()          waits for an answer of --bg, and is its text or value; await _ waits too
    _.cancel()          ends it; %llm stop ends all of them

    Stop ends the answer early, and the cell succeeds. An interrupt or a failure ends the cell with
    an error, so that Run All stops. What had arrived is in _ and NAME in each case.

VALUES IN THE PROMPT
    {{{{ expression }}}} is replaced: a DataFrame by a table, an image or a figure by itself, an
    earlier answer by its text, anything else by str(). All other braces, dollars, quotes and
    backslashes are sent as they are. --raw sends all. The blanks inside the braces belong to it:
    without them only the name of a variable is replaced, as in {{{{df}}}} or {{{{df.shape}}}}.

CHATS
    -c NAME goes on with the chat of that name, also tomorrow: chats outlive the kernel. Running a
    cell again replaces its turn and drops the later ones. %llm chats lists them.

TOOLS
    -T NAME lets the model call a function of yours; -T kernel lets it run Python here, and you see
    each cell first. A call that needs approval waits in the cell: change its arguments, approve or
    deny it. %llm approve does so for answers of --bg. _.tool_calls has the calls and their results.

MODELS AND KEYS
    A model is provider/model: anthropic/..., openai/..., google/..., local. %llm models lists
    them, and %llm model NAME sets the default. The key comes from the provider's variable, such
    as ANTHROPIC_API_KEY, or %llm key PROVIDER asks for it.

EXAMPLES
    %%llm -m anthropic/claude-sonnet-4-5 -o summary
    Summarise this in three sentences: {{{{ text }}}}

    A table from a text; the next cell has people.df:

    %%llm --schema "[name: str, age: int]" -o people
    Who is mentioned in this text, and how old are they? {{{{ text }}}}

    A question about a figure and a file:

    %%llm -a figure -a chart.png --thinking high
    What do these two have in common?

    A chat that goes on:

    %%llm -c trip
    And what do we do on the second day?

    An answer in the background, and a cell that waits for it:

    %%llm --bg -o draft
    Write a long story.

    %%llm
    Make this shorter: {{{{ draft }}}}
"""

LINE = f"""Ask a model in one line, or use a command.

SYNOPSIS
    %llm [options] the prompt
    %llm COMMAND

    Options, values and the answer are those of %%llm: see %%llm?.

COMMANDS
{commands()}

EXAMPLES
    %llm Why is the sky blue?
    answer = %llm -m local Name a colour.

    %llm models claude
    %llm model anthropic/claude-sonnet-4-5
    %llm key anthropic --save

    %llm config temperature 0
    %llm config --save budget 1.50
    %llm config budget default
    %llm cost

    After a cell that failed:

    %llm explain
    %llm fix
"""

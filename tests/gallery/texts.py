"""Texts for the scenes: every feature of Markdown, and scripts that run from right to left."""

MARKDOWN = """\
# How far is a light seen

A lamp at height $h$ is seen **far**, and *further* from a mast. The rule is `1.17 * sqrt(h)`, in
~~land~~ nautical miles; see [the tables](https://example.org/tables) or <https://example.org>.

## Distances

1. Measure the height.
2. Take the root:
   - of the lamp,
   - of the eye, with ~4 m on a small boat;
     - less in a trough.
3. Add both.

- [x] height measured
- [ ] eye measured

> The light was seen at eighteen miles, where the book says sixteen.
>
> > Air bends light down.

### The program

```python
import math

def horizon(height: float, eye: float = 4.0) -> float:
    \"\"\"How far a light is seen, in nautical miles.\"\"\"
    return 2.08 * (math.sqrt(height) + math.sqrt(eye))  # too long for a narrow column

print(f"{horizon(57):.1f}")
```

| Light | Height (m) | Range | Character |
|:------|-----------:|:-----:|-----------|
| Lindesnes | 50 | 18.9 | Fl 5 s |
| North Foreland | 57 | 19.9 | Fl(5) WR 20 s, obscured over the land |
| Kullen | 88 | 23.7 | Fl 5 s |

The distance of the horizon, with the radius $R$ of the earth:

$$
\\sqrt{2 R h + h^2} \\approx \\sqrt{2 R h}, \\quad \\frac{\\partial d}{\\partial h} = \\frac{R}{d}
$$

Press <kbd>Ctrl</kbd> + <kbd>C</kbd>, H<sub>2</sub>O, 10<sup>3</sup>, <mark>new</mark>.[^1]

<details>
<summary>More about refraction</summary>

Light is bent towards the *denser* air.

</details>

---

#### Prices

They cost $5 and $10; set `PATH=$HOME/bin:$PATH`.

![A lighthouse](https://example.org/light.png)

[^1]: A footnote with a [link](https://example.org/note).
"""

LONG_CODE = "Here it is:\n\n```python\n" + "\n".join(
    f"def step_{i}(state):\n    return state + {i}\n" for i in range(12)
)

RIGHT_TO_LEFT = """\
# כמה רחוק רואים מגדלור

גובה המנורה קובע את **הטווח**, וגם גובה העין של הצופה. ראו `sqrt(h)` ואת [הטבלה](https://example.org/he).

- הר סיני: 18 מייל
- נמל אשדוד, *לא תמיד*
- A light in English stands at the left.

> האור נראה ממרחק של שמונה עשר מייל.

1. قِس الارتفاع.
2. احسب الجذر التربيعي.

```python
print("left to right")  # הערה
```

| المنارة | الارتفاع |
|---|---:|
| رأس التين | 55 |
| Kullen | 88 |

يرى الضوء من بعيد، and then a paragraph goes on in English.

- [x] נמדד
- [ ] עוד לא
"""

THOUGHT = """\
The user asks for the weather in two cities. I have a tool for that; it takes one city at
a time, so I need two calls.

Oslo first, then Bergen. They want Celsius, which is the default. """ + " ".join(
    f"Check {i}: the coast of Norway is wet in November, and the wind comes from the south-west."
    for i in range(14)
)

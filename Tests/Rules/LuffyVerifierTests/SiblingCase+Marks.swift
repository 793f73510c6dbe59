/// Siblings of faults that people reported of math graders: marks, plus-minus, identities, code and dots.
extension SiblingCase {
  static let marks = rows(
    #"""
    # the answer after the anchor is skipped
    + 27 || The answer is **27**, out of 40.
    + 27 || **Answer: 27**⏎⏎That is 27 of the 40 students.
    + 5/9 || **Answer: 5/9** of the 40
    + 27 || **Final Answer**: **27** students out of 40
    + 27 || The answer is *27* out of 40.
    + 0.6 || **Answer: 0.6** since 2 * 0.3
    + 61 || Final Answer: **61** (60 was the old count)
    + 61 || The answer is `61` and not 62.
    + 61 || The correct answer is __61__. There were 3 cases.
    + 61 || **The answer is 61**. Checked with 2 methods.
    + 61 || The answer is "61", as 1 shows.
    - 40 || The answer is **27**, out of 40.
    - 2 || **Answer: 0.6** since 2 * 0.3
    - 60 || Final Answer: **61** (60 was the old count)
    - 40 || **Answer: 5/9** of the 40
    + 27 || The answer is: **27 apples**. He has 12 left.
    + 27 || Answer = 27 (of 90)
    + 27 || the answer is therefore 27. QED 4.
    + 27 || Final answer → 27
    # units named or not
    + 250 ml || \boxed{250}
    + 31 || 31 cards
    + 49 || \boxed{A = 49\ \text{m}^2}
    + 3.2 \text{ m/s}^2 || \boxed{3.2\ \text{m/s}^2}
    + 250 || \boxed{250\text{ ml}}
    + 5 \text{ hours} || \boxed{5}
    + 9 || \boxed{\text{9 students}}
    + 49 || \boxed{49 \text{ square units}}
    + 49 || \boxed{49\text{ units}^2}
    + 49 || \boxed{49\,\text{cm}^2}
    + 49 || \boxed{49\mathrm{~cm}}
    + 49 || \boxed{49 \frac{\text{m}}{\text{s}}}
    + 49 || The answer is 49 cm^2.
    + 49 || The answer is 49 square meters.
    + 15 \text{ mph} || \boxed{15\text{ miles per hour}}
    - 5 \text{ hours} || \boxed{6\text{ hours}}
    - 49 || \boxed{7\text{ m}^2}
    - 49 || \boxed{490\text{ ml}}
    + \frac{5}{2} || \boxed{2.5 \text{ liters}}
    + 5.4 \times 10^{3} \text{ kg} || \boxed{5400}
    + 12 \Omega || \boxed{12\,\Omega}
    + 12\,\mathrm{N\cdot m} || \boxed{12}
    # answers in tables and lists
    + 66 || - Final answer: `66`
    + 66 || <answer>66</answer>
    + 66 || | step | value |⏎|---|---|⏎| sum | 50 |⏎| **answer** | **66** |
    + 66 || ### Answer⏎66
    + 66 || | quantity | result |⏎|---|---|⏎| total | \boxed{66} |
    + 66 || Answer:⏎⏎66
    + 66 || Answer: `66`
    + 66 || 1. Add.⏎2. Subtract.⏎⏎**Answer:** 66
    + 66 || ## Final Answer⏎⏎**66**
    + 66 || * Answer: **66**
    - 50 || | step | value |⏎|---|---|⏎| sum | 50 |⏎| **answer** | **66** |
    - 66 || ### Answer⏎67
    - 66 || Answer: `6`
    + 66 || > Answer: 66
    + 66 || <answer>⏎66⏎</answer>
    + 66 || Final Answer: ⏎$$66$$
    # bare digit pairs and thousands
    + 238,000 || \boxed{238,000.00}
    + 238,000 || \boxed{238000}
    + 238,000 || \boxed{238\,000}
    + 238,000 || \boxed{238,\!000}
    + 2,3,456 || \boxed{2, 3, 456}
    + 0,4 || \boxed{4, 0}
    - 238,000 || \boxed{238}
    - 238,000 || \boxed{0}
    + 238,000 || \boxed{238{,}000}
    + 238,000 || \boxed{238 000}
    + 1,234,567 || \boxed{1\,234\,567}
    + 4,5 || \boxed{5, 4}
    - 4,5 || \boxed{45}
    - 4,5 || \boxed{4}
    - 12,34 || \boxed{1234}
    + 2,3 || Answer: 3, 2
    - 238,000 || \boxed{238,001}
    + 238000 || The answer is 238,000.
    - 238 || The answer is 238,000.
    # plus-minus
    + \pm \sqrt{5} || \boxed{x = \pm\sqrt{5}}
    + \pm \sqrt{5} || \boxed{\sqrt{5}, -\sqrt{5}}
    + \frac{1 \pm \sqrt{17}}{4} || \boxed{\frac14 \pm \frac{\sqrt{17}}{4}}
    + 3 \pm 2i || \boxed{3+2i, 3-2i}
    + \pm \sqrt{5} || \boxed{\{-\sqrt5,\sqrt5\}}
    + \pm \sqrt{5} || \boxed{±\sqrt{5}}
    - 3 \pm 2i || \boxed{3+2i}
    - \pm \sqrt{5} || \boxed{\sqrt{5}}
    - \pm \sqrt{5} || \boxed{-\sqrt{5}}
    - \frac{1 \pm \sqrt{17}}{4} || \boxed{\frac{1 \pm \sqrt{17}}{2}}
    - \frac{1 \pm \sqrt{17}}{4} || \boxed{\frac{-1 \pm \sqrt{17}}{4}}
    + 2, -2 || \boxed{\pm 2}
    + 2, -2 || \boxed{x = \pm 2}
    + \frac{1 \pm \sqrt{17}}{4} || \boxed{x = \frac{1+\sqrt{17}}{4} \text{ or } x = \frac{1-\sqrt{17}}{4}}
    - \pm 6 || \boxed{\pm 5}
    + 2\pm\sqrt3 || \boxed{x_{1,2} = 2\pm\sqrt3}
    + \pm i || \boxed{i, -i}
    # identities by sampling
    + x^{1/4} || \boxed{\sqrt[4]{x}}
    + \binom{n}{3} || \boxed{\frac{n(n-1)(n-2)}{6}}
    - 50^n || \boxed{50^n+1}
    - e^{x^2} || \boxed{e^{x^2}-x}
    - x^3 || \boxed{x^3+e^{-40x^2}}
    - x^3 || \boxed{x^3+\frac{1}{10^{28}+x^2}}
    - \coth x || \boxed{1}
    + \sin^2 x || \boxed{1-\cos^2 x}
    + \cos 2x || \boxed{1-2\sin^2 x}
    + \frac{x^2-4}{x-2} || \boxed{x+2}
    + \ln(x^3) || \boxed{3\ln x}
    + (a+b)^3 || \boxed{a^3+3a^2b+3ab^2+b^3}
    - (a+b)^3 || \boxed{a^3+b^3}
    + \frac{1}{x}+\frac{1}{y} || \boxed{\frac{x+y}{xy}}
    - \frac{1}{x}+\frac{1}{y} || \boxed{\frac{2}{x+y}}
    - \lceil x \rceil || \boxed{x+1}
    - \sin x || \boxed{x}
    - n^2 || \boxed{n^2 + 10^{-9}}
    + \sec^2 x || \boxed{1+\tan^2 x}
    + 2^{x+1} || \boxed{2 \cdot 2^x}
    - \frac{n(n+1)}{2} || \boxed{\frac{n(n-1)}{2}}
    # bare unit words
    + 15 students || \boxed{15}
    + 300 meters || \boxed{300}
    + 15 || \boxed{15 km/h}
    + 15 || \boxed{15 dollars}
    + 15 || \boxed{15 minutes}
    + 15 || \boxed{15 points}
    + 15 || \boxed{15 people}
    + 15 || \boxed{15 apples}
    + 15 || \boxed{15 years old}
    + 15 || \boxed{15 ways}
    + 15 || \boxed{15 square feet}
    + 15 || \boxed{15 cm}
    + 15 || \boxed{15 cents}
    - 15 || \boxed{15 or 16}
    - 15 || \boxed{15 hundred}
    - 15 || \boxed{15 dozen}
    - 15 || \boxed{15 million}
    - 15 || \boxed{16 people}
    + 15 students || \boxed{15 students}
    + 2.5 hours || \boxed{2.5}
    - 2.5 hours || \boxed{2.4}
    + 15 || 15 dollars
    # number right after a mark
    + 86 || "86"
    + 86 || [86]
    + 86 || # 86
    + 86 || *86*
    + 86 || so it is 86
    + 5/7 || <answer>5/7</answer>
    + 86 || (86)
    + 86 || =86
    + 86 || x=86
    + 86 || Total:86
    + 86 || **86**
    + 86 || >86
    + 86 || '86'
    + 86 || Result：86
    + 86 || `86`
    + 86 || ~86~
    + 86 || we get:⏎86
    + 86 || {86}
    + 86 || ≈86
    - 86 || "87"
    - 86 || (8,6)
    + 86 || answer=86
    + 86 || Answer:86
    + 86 || 【86】
    + 86 || “86”
    + 86 || → 86
    # response box that cannot be read pays for its last number
    + \frac{2}{7} || \boxed{\frac{2}{7},}
    + 2, 9 || \boxed{2, 9.}
    + 11 || \boxed{4 + 7.}
    - 7 || \boxed{x \neq 7}
    - 7 || \boxed{n \implies 7}
    - 7 || \boxed{4 + 7.}
    - 7 || \boxed{\{x \mid x > 7\}}
    - 7 || \boxed{\forall x > 7}
    - 7 || \boxed{x > 7}
    - 7 || \boxed{3 \oplus 7}
    - 7 || \boxed{?7}
    - 7 || \boxed{\text{between 3 and 7}}
    - 7 || \boxed{\text{at most } 7}
    - 7 || \boxed{A_7}
    - 7 || \boxed{x^7}
    - 7 || \boxed{\sqrt[7]{}}
    - 7 || \boxed{\frac{}{7}}
    - 7 || \boxed{n \mid 7}
    - 7 || \boxed{10 - 3 -}
    - 7 || \boxed{\text{not } 7}
    - 7 || \boxed{1, 2, \ldots, 7}
    - 7 || \boxed{\le 7}
    - 7 || \boxed{7 \le}
    - 7 || \boxed{\bigcup_{i=1}^7}
    - 7 || \boxed{5 \to 7}
    # sides of an assignment
    + -x > 5 || \boxed{x < -5}
    + x = 9 || \boxed{9 = x}
    + x = 9 || \boxed{x = 4 + 5}
    + c = d || \boxed{d = c}
    - 2 < x < 5 || \boxed{x < 5}
    - a = b || \boxed{a^2 = ab}
    - |x| = 4 || \boxed{x = 4}
    - -x = 3, 4 || \boxed{x = 3, 4}
    - x = 9 || \boxed{x = -9}
    - x = 9 || \boxed{x > 9}
    - x > 9 || \boxed{9}
    - x^2 = 4 || \boxed{x = 2}
    - y = 9 || \boxed{x = 9}
    + -x = 5 || \boxed{x = -5}
    - x = 1, y = 2 || \boxed{x = 2, y = 1}
    + x = 1, y = 2 || \boxed{y = 2, x = 1}
    + x = 1, y = 2 || \boxed{x = 1 \text{ and } y = 2}
    + a = 2, b = 3 || \boxed{a=2,\ b=3}
    + (x,y) = (1,2) || \boxed{(1,2)}
    + (x,y) = (1,2) || \boxed{x=1, y=2}
    # base subscripts, thousands, sets
    + (0,3) \cup (3,16) || \boxed{(0,16) \setminus \{3\}}
    + x=11 || \boxed{11}
    + (0,3) \cup (3,16) || \boxed{(3,16)\cup(0,3)}
    + \begin{pmatrix} 2 \\ 7 \end{pmatrix} || \boxed{\left(\begin{array}{c}2\\7\end{array}\right)}
    - 52_8 || \boxed{528}
    - 14,\! 250,\! 300 || \boxed{14,250,301}
    + 14,\! 250,\! 300 || \boxed{14250300}
    + 52_8 || \boxed{52_8}
    + 52_8 || \boxed{52_{8}}
    + 52_8 || \boxed{52}
    - 52_8 || \boxed{52_9}
    - 52_8 || \boxed{25_8}
    + 1011_2 || \boxed{1011_{\text{two}}}
    - (0,3) \cup (3,16) || \boxed{(0,16)}
    - (0,3) \cup (3,16) || \boxed{(0,3] \cup (3,16)}
    + \{1,2,3\} || \boxed{\{3,2,1\}}
    - \{1,2,3\} || \boxed{\{1,2\}}
    # mixed forms
    + (3,\frac{9}{2}) || \boxed{(3,4.5)}
    + \frac{x+4}{7} || \boxed{\frac{x}{7}+\frac{4}{7}}
    + \frac{1}{11} || \boxed{0.0909090909091}
    + 5x+12y-7z+9=0 || \boxed{-5x-12y+7z-9=0}
    - 5x+12y-7z+9=0 || \boxed{5x+12y-7z-9=0}
    - (3,\frac{9}{2}) || \boxed{(\frac{9}{2},3)}
    + \sqrt{12} || \boxed{2\sqrt{3}}
    + \frac{\sqrt{3}}{3} || \boxed{\frac{1}{\sqrt{3}}}
    + 0.125 || \boxed{\frac18}
    + \frac{3}{2}\ln 2 || \boxed{\ln(2\sqrt2)}
    + \left(\frac{1}{2}, 3\right) || \boxed{(0.5, 3)}
    - \sqrt{12} || \boxed{3\sqrt{2}}
    + 10\pi || \boxed{31.41592653589793}
    - \frac{x+4}{7} || \boxed{\frac{x+7}{4}}
    + 2^{3/2} || \boxed{2\sqrt2}
    + (x+1)(x+2) || \boxed{x^2+3x+2}
    # number inside a style command
    + 41.75 || \boxed{\textcolor{blue}{41.75}}
    + 41.75 || \boxed{\underline{41.75}}
    + 41.75 || \boxed{\large 41.75}
    + 41.75 || \boxed{\boldsymbol{41.75}}
    + 8 || We have $N = \textbf{8}$ identical layers
    + 41.75 || \boxed{\mathbf{41.75}}
    + 41.75 || \boxed{{\color{red}41.75}}
    + 41.75 || \boxed{\color{red}{41.75}}
    + 41.75 || \boxed{\bm{41.75}}
    + 41.75 || \boxed{\Large\mathbf{41.75}}
    + 41.75 || \boxed{\bf 41.75}
    + 41.75 || \boxed{\textit{41.75}}
    + 41.75 || \boxed{\mathrm{41.75}}
    + 41.75 || \boxed{\displaystyle 41.75}
    + 41.75 || \boxed{\mathbf{\text{41.75}}}
    + 41.75 || \boxed{\colorbox{yellow}{41.75}}
    + 41.75 || \boxed{\mathsf{41.75}}
    + 41.75 || \boxed{\mbox{41.75}}
    + 41.75 || \boxed{\underline{\underline{41.75}}}
    + 41.75 || \boxed{\emph{41.75}}
    + 41.75 || \boxed{\Huge 41.75}
    + 41.75 || \boxed{\fbox{41.75}}
    + 41.75 || \textbf{Answer: 41.75}
    + 41.75 || \boxed{\mathit{41.75}}
    + 41.75 || \boxed{\mathbf{41}.\mathbf{75}}
    - 41.75 || \boxed{\mathbf{41.57}}
    - 41.75 || \boxed{\textcolor{blue}{41}}
    # plain code forms
    + 7 - i || \boxed{7.0 + -1.0i}
    + 7 - i || 7.0 + -1.0i
    + e^{4} - 2 || The answer is -2 + exp(4)
    + \dfrac{\pi}{5} || pi/5
    + \dfrac{\pi}{5} || \boxed{pi/5}
    + e^{4} - 2 || \boxed{-2 + \exp(4)}
    - 7 - i || \boxed{7 + i}
    + 3x^2 || \boxed{3*x**2}
    + 3x^2 || The answer is 3*x**2
    + \sqrt{10} || The answer is sqrt(10)
    + \sqrt{10} || \boxed{sqrt(10)}
    + |x-1| || \boxed{abs(x-1)}
    - 3x^2 || \boxed{2*x**3}
    - 3 || Answer: eval('3')
    - 5 || Answer: print(5)
    - 5 || Answer: int('5')
    - 5 || Answer: os.system("5")
    - 5 || Answer: lambda: 5
    + 2^{-3} || The answer is 2**-3
    + \frac{2}{3} || The answer is 2/3.0
    + \sin 2 || \boxed{sin(2)}
    + \sqrt[3]{5} || The answer is 5**(1/3)
    + (x+1)^2 || The answer is (x + 1)**2
    + \pi^2 || The answer is pi**2
    # code-shaped answers
    - 3 || Answer: exec('3')
    - 3 || Answer: print('3')
    - 3 || \boxed{exec('3')}
    - 3 || Answer: f(3)
    - 3 || Answer: x[3]
    - 3 || Answer: return 3
    - 3 || \boxed{f(3)}
    - 3 || Answer: range(3)
    - 3 || Answer: len([1,2,3])
    - 3 || Answer: import os; 3
    - 3 || Answer: "__import__('os').system('3')"
    + 3 || Answer: '3'
    - 3 || Answer: str(3)
    # dots
    + \{0, 1, \ldots, 7\} || \boxed{\{0, 1, \ldots, 7\}}
    + 1, 2, \ldots, 7 || \boxed{1, 2, \dots, 7}
    + 1, 2, \ldots, 7 || \boxed{1, 2, \cdots, 7}
    + 1, 2, \ldots, 7 || \boxed{1, 2, ..., 7}
    - 1, 2, \ldots, 7 || \boxed{1, 2, 7}
    - 1:2:3:\ldots || \boxed{1:3:5:\ldots}
    - 1 + 2 + \cdots + 7 || \boxed{10}
    - 1, 2, \ldots, k || \boxed{2}
    - 1, 2, \ldots, k || \boxed{1, 3, 5, \ldots, 2k-1}
    - 1, 2, \ldots, k || \boxed{k}
    - 1, 2, 7 || \boxed{1, 2, \ldots, 7}
    - 2, 4, 6, \ldots || \boxed{2, 4, 8, \ldots}
    - 2, 4, 6, \ldots || \boxed{2, 4, 6}
    + 2, 4, 6, \ldots || \boxed{2, 4, 6, \dots}
    - \{1, 2, 3, \ldots\} || \boxed{\{1,2,3\}}
    - 3.14\ldots || \boxed{14}
    - 0.333\ldots || \boxed{333}
    """#)
}

/// Siblings of faults that people reported of math graders: lists, equations, units, percentages and texts.
extension SiblingCase {
  static let forms = rows(
    #"""
    # gold against itself
    + 2:5:7 || So we get \boxed{2:5:7}.
    + x=3, y=-4 || So we get \boxed{x=3, y=-4}.
    + 3\uparrow\uparrow 4 || So we get \boxed{3\uparrow\uparrow 4}.
    + 11\text{th} || So we get \boxed{11\text{th}}.
    + r \to s || So we get \boxed{r \to s}.
    + b_n = 5n+1 || So we get \boxed{b_n = 5n+1}.
    + m \equiv 2 \pmod{5} || So we get \boxed{m \equiv 2 \pmod{5}}.
    + \angle PQR = 40^\circ || So we get \boxed{\angle PQR = 40^\circ}.
    + \triangle DEF || So we get \boxed{\triangle DEF}.
    + \sum_{k=1}^{n} k^3 || So we get \boxed{\sum_{k=1}^{n} k^3}.
    + \int_0^1 f(t)\,dt || So we get \boxed{\int_0^1 f(t)\,dt}.
    + \lim_{n\to\infty} a_n = 2 || So we get \boxed{\lim_{n\to\infty} a_n = 2}.
    + \neg p \lor q || So we get \boxed{\neg p \lor q}.
    + A \subseteq B || So we get \boxed{A \subseteq B}.
    + \overline{CD} || So we get \boxed{\overline{CD}}.
    + \vec{a} \cdot \vec{b} || So we get \boxed{\vec{a} \cdot \vec{b}}.
    + 12:45 || So we get \boxed{12:45}.
    + f^{-1}(x) = \frac{x-1}{2} || So we get \boxed{f^{-1}(x) = \frac{x-1}{2}}.
    + \{1, 3, 5, \ldots\} || So we get \boxed{\{1, 3, 5, \ldots\}}.
    + y'' + 3y' = 0 || So we get \boxed{y'' + 3y' = 0}.
    + \frac{dy}{dx} = 3x^2 || So we get \boxed{\frac{dy}{dx} = 3x^2}.
    + (1+\sqrt{2})^n || So we get \boxed{(1+\sqrt{2})^n}.
    + 0.\overline{142857} || So we get \boxed{0.\overline{142857}}.
    + \$3.50 || So we get \boxed{\$3.50}.
    + 5\text{ m/s} || So we get \boxed{5\text{ m/s}}.
    + 3x+2y \le 7 || So we get \boxed{3x+2y \le 7}.
    + \text{Tuesday} || So we get \boxed{\text{Tuesday}}.
    + X \sim N(0,1) || So we get \boxed{X \sim N(0,1)}.
    + \exists x\, P(x) || So we get \boxed{\exists x\, P(x)}.
    + k = 0, \pm 1, \pm 2 || So we get \boxed{k = 0, \pm 1, \pm 2}.
    + 101101_2 || So we get \boxed{101101_2}.
    + \mathbf{v} = (1,2,3) || So we get \boxed{\mathbf{v} = (1,2,3)}.
    + a \equiv b || So we get \boxed{a \equiv b}.
    + n! + 1 || So we get \boxed{n! + 1}.
    + \binom{n}{k} || So we get \boxed{\binom{n}{k}}.
    + (0,1) \cup [3,5) || So we get \boxed{(0,1) \cup [3,5)}.
    + \sin^2\theta || So we get \boxed{\sin^2\theta}.
    + 4 \text{ R } 2 || So we get \boxed{4 \text{ R } 2}.
    + 3 \frac{1}{4} \text{ cups} || So we get \boxed{3 \frac{1}{4} \text{ cups}}.
    # plain lists after the anchor
    + 5x || Answer: 5x
    + 4\pi || Answer: 4π
    + (4, 7) || The point is (4, 7).
    + [3, 8) || Answer: [3, 8)
    + 4, 9 || Answer: x = 4 and x = 9
    + 5\sqrt{2} || Answer: 5√2
    + (4, -7) || Answer: (4, -7)
    + 1, 4, 8 || The answer is 1, 4, 8
    + 1, 4, 8 || Answer: 1, 4, and 8.
    + 3x - 4 || The answer is 3x - 4.
    + \{2, 6\} || Answer: {2, 6}
    + 4, 9 || The solutions are x = 4 or x = 9. Answer: 4 or 9
    - 4 || Answer: 4, 9
    - 9 || Answer: 4, 9
    - (4, 7) || Answer: (7, 4)
    - 4, 9 || Answer: 4, 8
    - 5 || Answer: 5x
    - [3, 8) || Answer: (3, 8)
    - 4 || Answer: 4π
    - x^2+1 || Answer: x^2-1
    + x^2+1 || Answer: x^2 + 1
    + 5, -5 || Answer: ±5
    + 1/2, 1/3 || Answer: 1/2 and 1/3
    # equations and values
    + 7 || \boxed{\text{Volume} = 7}
    + 8 || \boxed{x = 5 + 3 = 8}
    + 7 || \boxed{\angle PQR = 7^\circ}
    + 7 || \boxed{\overline{PQ} = 7}
    + 7 || \boxed{P(B) = 7}
    + xy = 10 || \boxed{y = \frac{10}{x}}
    + 7 || \boxed{|PQ| = 7}
    + 7 || \boxed{f(2) = 7}
    + 7 || \boxed{n_{\max} = 7}
    + 7 || \boxed{\text{The area is } 7}
    + 7 || \boxed{m\angle A = 7}
    + \frac13 || \boxed{P = \frac13}
    + 7 || \boxed{a+b+c=7}
    - 7 || \boxed{x = 8}
    - xy = 10 || \boxed{y = 10x}
    - 5 || \boxed{x = 5 + 3 = 8}
    - y = 2x || \boxed{y = 3x}
    - x = 4 || \boxed{y = 4}
    + 2x + 3y = 6 || \boxed{y = -\frac{2}{3}x + 2}
    - 2x + 3y = 6 || \boxed{y = \frac{2}{3}x + 2}
    + x^2 + y^2 = 9 || \boxed{y^2 + x^2 - 9 = 0}
    - x^2 + y^2 = 9 || \boxed{x^2 + y^2 = 3}
    # unreadable LaTeX falls to a number
    - PQ \parallel RS || \boxed{PQ \perp RS}
    - 11^{11^{11}} || \boxed{11}
    - 7^{7^{7}} + 5 || \boxed{5}
    - \frac{\partial f}{\partial x} = 2\nabla f || \boxed{\frac{\partial f}{\partial x} = 7\nabla f}
    - \underbrace{22\ldots2}_{2025} || \boxed{2025}
    - b \mid 18 || \boxed{b \nmid 18}
    - b \mid 18 || \boxed{18}
    - \{x \mid x < 7\} || \boxed{7}
    + \{x \mid x < 7\} || \boxed{(-\infty, 7)}
    - \oint_C F = 4 || \boxed{4}
    - 3 \preceq 8 || \boxed{8}
    - \triangle ABC \sim \triangle DEF || \boxed{\triangle ABC \cong \triangle DEF}
    - x \equiv 4 \pmod{9} || \boxed{x \equiv 4 \pmod{8}}
    - x \equiv 4 \pmod{9} || \boxed{4}
    - x \equiv 4 \pmod{9} || \boxed{9}
    + x \equiv 4 \pmod{9} || \boxed{x \equiv -5 \pmod 9}
    - A \cap B = \{2\} || \boxed{2}
    - A \cup B || \boxed{A \cap B}
    - p \wedge q || \boxed{p \vee q}
    - p \Rightarrow 4 || \boxed{4}
    - \bigcap_{k=1}^{8} B_k || \boxed{8}
    # inequalities
    + x \ne 5 || \boxed{\mathbb{R}\setminus\{5\}}
    + x<-4 \text{ or } x>6 || \boxed{(-\infty,-4)\cup(6,\infty)}
    + \{x \mid x > 5\} || \boxed{\{x : x > 5\}}
    + -3 \le x < 7 || \boxed{[-3,7)}
    + x \ne 5 || \boxed{x \neq 5}
    + x > 5 || \boxed{x \gt 5}
    + x \geq 5 || \boxed{x ≥ 5}
    + x \leqslant 5 || \boxed{x \le 5}
    + x \geq 5 || \boxed{5 \leq x}
    + x > 5 || \boxed{\{x | x > 5\}}
    + x > 5 || \boxed{\{x \in \mathbb{R} \mid x > 5\}}
    - x > 5 || \boxed{x < 5}
    - x \geq 5 || \boxed{x > 5}
    - -3 \le x < 7 || \boxed{[-3,7]}
    - -3 \le x < 7 || \boxed{(-3,7)}
    - x<-4 \text{ or } x>6 || \boxed{-4 < x < 6}
    - x \ne 5 || \boxed{x = 5}
    - x > 5 || \boxed{5}
    - x<-4 \text{ or } x>6 || \boxed{x < -4}
    + 0<a\le 2 || \boxed{a \in (0,2]}
    - a \ge 2 || \boxed{a \ge 3}
    + x<-4 \text{ or } x>6 || \boxed{x \in (-\infty,-4)\cup(6,+\infty)}
    + a<1 \text{ and } a\ne 0 || \boxed{(-\infty,0)\cup(0,1)}
    # format qualifiers
    + P(x)=ax, a \in \mathbb{R} || \boxed{P(x)=ax \text{ where } a \in \mathbb{R}}
    + f(x)=5x+1 || \boxed{5x+1}
    + P(x) = c(x^2+4) \text{ for any } c || \boxed{P(x)=c(x^2+4)}
    + P(x) = c(x^2+4) || \boxed{P(x)=c(4+x^2) \text{ for any constant } c}
    + (1,5),(5,1) || \boxed{(5,1),(1,5)}
    + (1,5),(5,1) || \boxed{\{(1,5),(5,1)\}}
    + (1,5),(5,1) || \boxed{(1,5) \text{ and } (5,1)}
    + \frac{\pi}{4} + k\pi || \boxed{\frac{\pi}{4} + k\pi, k \in \mathbb{Z}}
    + f(x)=cx || \boxed{f(x)=cx \text{ for all real } x}
    + f(x) = x || \boxed{f(x) = x \text{ for all } x \in \mathbb{R}}
    + f(x)=x+1 || \boxed{f(x)=x+1 \quad \text{for all } x}
    + 12 \text{ (exactly)} || \boxed{12}
    - (1,5),(5,1) || \boxed{(1,5)}
    - f(x)=5x+1 || \boxed{f(x)=5x}
    - P(x)=ax, a \in \mathbb{R} || \boxed{P(x)=ax^2, a\in\mathbb{R}}
    + n^2 || \boxed{n^2 \text{ where } n \text{ is a positive integer}}
    # punctuation
    + odd || \boxed{\text{odd.}}
    + 35 || \boxed{\;35\;}
    + 35 || \boxed{(35)}
    + 35 || \boxed{=35}
    + 35 || \boxed{35\,}
    + 35 || \boxed{35}!
    + 35 || \boxed{35,}
    + 35 || \boxed{35;}
    + 35 || \boxed{ 35 }
    + 35 || \boxed{35.}
    + 35 || \boxed{{35}}
    + 35 || \boxed{$35$}
    + 35 || \boxed{\(35\)}
    + 35 || \boxed{35~}
    + 35 || \boxed{[35]}
    + 35 || \boxed{\text{35.}}
    + 35 || \boxed{35:}
    + 35 || \boxed{\ 35\ }
    - 35 || \boxed{3.5}
    - 35 || \boxed{3,5}
    - 35 || \boxed{3 5 1}
    - 35 || \boxed{35!}
    + 35 || \boxed{"35"}
    + 35 || \boxed{35\quad}
    + 35 || \boxed{\quad 35}
    + 35 || \boxed{\displaystyle 35}
    + 35 || \boxed{35\text{.}}
    # a trailing letter taken for a unit
    + 9 s || \boxed{9}
    + 8kg || \boxed{8}
    + 8 \text{ kg} || \boxed{8\,\mathrm{kg}}
    + (2+3t, 5-t) || \boxed{(2+3t, 5-t)}
    - \frac{1}{3}ab || \boxed{\frac{1}{3}}
    - \frac{v^{2}}{3} g || \boxed{\frac{v^{2}}{3}}
    - 5c || \boxed{5}
    - 3x+4s || \boxed{3x+4}
    - 6h || \boxed{6}
    - 4t || \boxed{4}
    - 2m || \boxed{2}
    - 5d || \boxed{5}
    - 3a || \boxed{3b}
    - \pi r^2 h || \boxed{\pi r^2}
    - 2g || \boxed{2}
    - 3n || \boxed{3}
    - 12 || \boxed{12x}
    - 12 || \boxed{12n}
    - 7 || \boxed{7t}
    - 7 || \boxed{7h}
    - \sqrt{3} a || \boxed{\sqrt{3}}
    + 7t || \boxed{7t}
    + v t - \frac12 g t^2 || \boxed{vt-\frac{gt^2}{2}}
    - v t - \frac12 g t^2 || \boxed{vt-\frac{t^2}{2}}
    # percent negatives
    + 37\frac12\% || \boxed{\frac{3}{8}}
    + \frac{1}{4} || \boxed{25\%}
    + 2 || \boxed{200\%}
    + 40\% || \boxed{x = 40\%}
    + 6.5\% || \boxed{6.5 \text{ percent}}
    + 20\%, 80\% || \boxed{0.2, 0.8}
    + 45\% || \boxed{45 \%}
    + 45\% || \boxed{45\text{ percent}}
    + 45\% || The answer is 45 percent.
    + 45\% || \boxed{0.45}
    - 45\% || \boxed{4.5}
    - 45\% || \boxed{4.5\%}
    - 45\% || \boxed{\frac{4}{5}}
    - 45\% || \boxed{-45\%}
    - 45\% || \boxed{450\%}
    - 12.5\% || \boxed{0.0125}
    + 12.5\% || \boxed{0.125}
    - 0.45 || \boxed{0.45\%}
    - 2.5 || \boxed{2.5\%}
    - 2.5 || \boxed{25\%}
    - 45\% || \boxed{x = 54\%}
    - 2.5 || The answer is 2.5%
    - 0.3 || The answer is 3%
    # sentence stop after a plain expression
    + -5/8 || The answer is -5/8.
    + 7:4 || The ratio is 7:4.
    + 3/5 || The answer is 3/5 of the cake.
    + 5.208e-7 || The answer is 5.208e-7
    + 4.2 || The answer is 4 1/5, as asked.
    + 4.2 || The answer is 4 1/5
    + 3/5 || The answer is 3/5: done.
    + 3/5 || The answer is 3/5; done.
    + 3/5 || The answer is 3/5!
    + 2\sqrt{5} || The answer is 2*sqrt(5).
    + x^2-1 || The answer is x^2-1.
    + 3/5 || The answer is (3/5).
    + 2^{10} || The answer is 2^10.
    + 1/6 || The probability is 1/6.
    - 3/5 || The answer is 5/3.
    - 3 || The answer is 3/5.
    - 5 || The answer is 3/5.
    - 4 || The answer is 4 1/5.
    - 5/8 || The answer is -5/8.
    + 3.5 || The answer is 3.5.
    + 100 || The answer is 10^2.
    # text block in the middle swallows the rest
    + 2 \text{ hours } 15 \text{ minutes} || \boxed{2 \text{ hours } 15 \text{ minutes}}
    - 13\text{ remainder }4 || \boxed{13\text{ remainder }5}
    - 13\text{ R }4 || \boxed{13 \text{ R } 7}
    - u_{\text{max}} + \frac{1}{3} || \boxed{u_{\text{min}} + \frac{1}{3}}
    - \begin{cases} x & \text{if } x>2 \\ -x & \text{if } x\le 2 \end{cases} || \boxed{\begin{cases} x & \text{if } x>2 \\ 3x & \text{if } x\le 2 \end{cases}}
    + \begin{cases} x & \text{if } x>2 \\ -x & \text{if } x\le 2 \end{cases} || \boxed{\begin{cases} x, & x>2 \\ -x, & x \leq 2 \end{cases}}
    - 5 \text{ apples}, 6 \text{ pears} || \boxed{5 \text{ apples}, 7 \text{ pears}}
    - 2 || \boxed{2 \text{ hours } 15 \text{ minutes}}
    - 13 || \boxed{13\text{ remainder }4}
    - 5 || \boxed{5\text{ or }7}
    - 5 \text{ ft } 3 \text{ in} || \boxed{5 \text{ ft } 9 \text{ in}}
    - 5 \text{ ft } 3 \text{ in} || \boxed{5}
    + 5 \text{ ft } 3 \text{ in} || \boxed{5\text{ ft }3\text{ in}}
    - 3\text{ m} + 4\text{ n} || \boxed{3}
    - x \text{ if } x > 0 || \boxed{x \text{ if } x < 0}
    - 10 \text{ to } 20 || \boxed{10}
    - 10 \text{ to } 20 || \boxed{20}
    - 3\text{ km} + 200\text{ m} || \boxed{3}
    # small magnitudes and partial equality
    + $\pm 55$ || $55, -55$
    + $n=2, 5, 8$ || $n=2,5,8$
    + $1, 2, \ldots, k$ || $1,2,\dots,k$
    + $13, 29, \text{ and } 53$ || 13, 29 and 53
    + $\frac{1}{2^{95}}$ || $2^{-95}$
    + $13, 29, \text{ and } 53$ || $53, 13, and 29$
    - $D = (0, 3)$ || $D = (0, 3.5)$
    - $\frac{1}{2^{95}}$ || $2^{-96}$
    - $\pm 55$ || $55$
    - $13, 29, \text{ and } 53$ || $13, 29$
    - $n=2, 5, 8$ || $n=2, 5$
    - $(1, 2, 3)$ || $(1, 3, 2)$
    - $3^{-60}$ || $3^{-61}$
    - $3^{-60}$ || $0$
    # upright letters inside expressions
    + \frac{5}{\mathrm{e}} || \boxed{\frac{5}{e}}
    + 7 - 3\mathrm{i} || \boxed{7-3i}
    + x_{\text{min}} = 9 || \boxed{9}
    + \sqrt[3]{\mathrm{e}} || \boxed{\sqrt[3]{e}}
    + 9 || \boxed{x_{\text{min}} = 9}
    + \frac{1}{3\mathrm{i}} || \boxed{-\frac{i}{3}}
    + \frac{F_{\text{tot}}}{m} || \boxed{\frac{F_{\text{tot}}}{m}}
    - \frac{5}{\mathrm{e}} || \boxed{5}
    - 7 - 3\mathrm{i} || \boxed{7}
    - x_{\text{min}} = 9 || \boxed{x_{\text{max}} = 9}
    + \mathrm{e}^{2x} || \boxed{e^{2x}}
    - \mathrm{e}^{2x} || \boxed{e^{3x}}
    + \mathrm{sin}\, x || \boxed{\sin x}
    + \operatorname{ln} 3 || \boxed{\ln 3}
    + \mathrm{ln}\,3 || \boxed{\ln 3}
    + \operatorname{arctan} 2 || \boxed{\arctan 2}
    + \arctan 2 || \boxed{\tan^{-1} 2}
    # big numbers
    + 3^{1000} || \boxed{9^{500}}
    + 9!! || \boxed{945}
    + \binom{10}{4} || \boxed{^{10}C_4}
    + \binom{10}{4} || \boxed{210}
    + \binom{10}{4} || \boxed{C_{10}^{4}}
    + \binom{10}{4} || \boxed{{10 \choose 4}}
    + \binom{10}{4} || \boxed{\frac{10!}{4!6!}}
    + 2^{n+3} || \boxed{8\cdot 2^n}
    - 3^{1000} || \boxed{3^{1001}}
    - 3^{1000} || \boxed{9^{501}}
    - 100! || \boxed{101!}
    - 2^{1000}+1 || \boxed{2^{1000}}
    + 100! || \boxed{100 \cdot 99!}
    + 10^{100} || \boxed{100^{50}}
    - 123456789012345678901 || \boxed{123456789012345678902}
    + 25! || \boxed{15511210043330985984000000}
    """#)
}

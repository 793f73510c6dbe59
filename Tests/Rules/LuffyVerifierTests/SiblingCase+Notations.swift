/// Siblings of faults that people reported of math graders: signs, words, Chinese, intervals, matrices and magnitudes.
extension SiblingCase {
  static let notations = rows(
    #"""
    # the minus is lost
    + -0.6 || The answer is - 0.6
    + -9 || The answer is −9
    + -9 || \boxed{−9}
    - 9 || \boxed{\text{negative } 9}
    + -9 || \boxed{\text{negative } 9}
    - 0.6 || The answer is - 0.6
    - 0.6 || The answer is - 3/5
    - 9 || \boxed{–9}
    + -9 || \boxed{-{9}}
    + -9 || The answer is negative 9.
    - 9 || The answer is negative 9.
    - 9 || The answer is minus 9.
    + -9 || \boxed{-\,9}
    + -9 || The answer is –9.
    - 9 || \boxed{-9}
    + -\frac{3}{5} || \boxed{\frac{-3}{5}}
    + -9 || The answer is $-9$.
    + -9 || The answer is -$9$.
    - 9 || The answer is -$9$.
    + -250 || \boxed{-\$250}
    + -250 || The answer is -$250.
    - 250 || The answer is -$250.
    - 9 || The answer is (-9).
    - 9 || \boxed{x=-9}
    # words in the box, number elsewhere
    - 4 || We tried 2, 3, 4. \boxed{\text{no solution}}
    - B || The answer is A or B
    - no || The answer is yes and no
    - 4 || The answer is not 4.
    - 4 || We tried 2, 3, 4. The answer is \boxed{\text{none}}
    - 4 || \boxed{4 \text{ or } 5?}
    - London || The answer is not London.
    - 4 || We get 4. \boxed{\text{impossible}}
    - 4 || The answer isn't 4.
    - 4 || The answer cannot be 4.
    - 4 || The answer is never 4.
    - 4 || The answer is less than 4.
    - 4 || The answer is at least 4.
    - 4 || The answer is at most 4.
    - 4 || The answer is between 4 and 5.
    - 4 || 4 \boxed{\text{undefined}}
    - 4 || The answer is neither 3 nor 4.
    - 4 || \boxed{\text{I do not know}} 4
    - 4 || The answer is either 3 or 4.
    - 4 || The answer is greater than 4.
    - yes || The answer is not yes.
    - B || \boxed{\text{A or B}}
    # Chinese answers
    + 对 || \boxed{对}
    + \frac{2}{5} || 答案为\(\frac{2}{5}\)。
    + 18 || 因此共有 18 个。
    + 18 || 答案是\boxed{18 \text{ 平方米}}
    + 18 || 答案：18
    + 18 || 答案是\boxed{18\text{元}}
    - 对 || \boxed{错}
    + 18 || 答案是18。
    + 18 || 答案：**18**
    + 18 || 答案为 $18$。
    + 18 || 所以答案是 \boxed{18}。
    + 18 || 所以一共18个苹果。
    + 18 || \boxed{18个}
    + 18 || \boxed{18米}
    + 18 || 最终答案是：18
    + 2/5 || 概率是2/5。
    + -18 || 答案是-18
    - 18 || 答案是-18
    - 18 || 答案：19
    - 18 || 因此共有19个。
    + 18 || 最终答案为18元
    + 18 || 故选 18
    + 25\% || 答案是25％
    + 18 || 答案是18（个）
    - 18 || 答案不是18
    # no blanks
    + 24 || 最终答案为24
    + 2/7 || 概率为2/7。
    + 24 || 最终答案：\(24\)
    + 24 || 答案是：24
    - 24 || 因此共有25个。
    + 24 || 面积为24平方厘米
    + 24 || x=24
    + 24 || 答案24
    + 24 || 结果是24。
    + 24 || 答案:24
    + 24 || Answer:24.
    + 24 || Answer:$24$
    # infinity and sized brackets kept
    + x \leq -4 \text{ or } x \geq 4 || \boxed{(-\infty,-4]\cup[4,\infty)}
    + \left[-3, 2\right) || \boxed{[-3,2)}
    + (-\infty,-4]\cup[4,\infty) || \boxed{\left(-\infty,-4\right]\cup\left[4,\infty\right)}
    + (-\infty,-4]\cup[4,\infty) || \boxed{[4,\infty)\cup(-\infty,-4]}
    + (-\infty,-4]\cup[4,\infty) || \boxed{x \in (-\infty,-4]\cup[4,\infty)}
    - x \leq -4 \text{ or } x \geq 4 || \boxed{x < -4 \text{ or } x \geq 4}
    - (-\infty,-4]\cup[4,\infty) || \boxed{(-\infty,-4)\cup[4,\infty)}
    + (-\infty,-4]\cup[4,\infty) || \boxed{\bigl(-\infty,-4\bigr]\cup\bigl[4,\infty\bigr)}
    + \bigl[-3, 2\bigr) || \boxed{[-3,2)}
    + \big(2, 3\big) || \boxed{(2,3)}
    + (2,3) || \boxed{\Big(2,3\Big)}
    + (-\infty, 2) || \boxed{(-\infty; 2)}
    + (-\infty, 2) || The answer is (-∞, 2).
    + (-\infty, 2) || Answer: (-inf, 2)
    - (-\infty, 2) || \boxed{(\infty, 2)}
    - (-\infty, 2) || \boxed{(-\infty, 2]}
    - (-\infty, 2) || \boxed{(-2, \infty)}
    + (0,+\infty) || \boxed{(0,\infty)}
    + \mathbb{R} || \boxed{(-\infty,\infty)}
    + x \in \mathbb{R} || \boxed{(-\infty,\infty)}
    # markdown bold answers
    + 73 || __Answer:__ *73*
    + 73 || Adding 234 and 90 we are done.⏎⏎**73**
    + 73 || 117+441=558⏎⏎**Final Answer: 73**
    + 73 || 117+441=558⏎⏎**Answer:** 73
    + \frac{4}{9} || Final answer: **$\frac{4}{9}$**
    + 2350 || **Final Answer:** **2,350**
    - 73 || So 73 was wrong.⏎⏎✅ Final Answer: **37**
    + 73 || **Answer**: 73 (out of 80)
    + 73 || ***73***
    + 73 || **Final Answer**⏎⏎73
    + 73 || ### **Final Answer: 73**
    + 73 || **Answer: $73$**
    + 73 || **Answer: \(73\)**
    + -73 || **Answer: -73**
    + 2\sqrt3 || **Answer: 2√3**
    - 80 || **Answer**: 73 (out of 80)
    + 73 || The answer is **$73**.
    + 73\% || **Answer: 73%**
    + 73 || <b>Answer: 73</b>
    + 73 || _Answer_: 73
    # matrices
    + \begin{pmatrix} 5 & 1 \\ 2 & 7 \end{pmatrix} || \boxed{\begin{pmatrix} 5 & 2 \\ 1 & 7 \end{pmatrix}^T}
    + x=4, y=5 || \boxed{\begin{cases} x=4 \\ y=5 \end{cases}}
    + \begin{pmatrix} 5 & 1 \\ 2 & 7 \end{pmatrix} || \boxed{\begin{pmatrix} 5 & 1 \\ 2 & 7 \\ \end{pmatrix}}
    + \begin{pmatrix} 5 & 1 \\ 2 & 7 \end{pmatrix} || \boxed{\left[\begin{array}{cc} 5 & 1 \\ 2 & 7 \end{array}\right]}
    + \begin{pmatrix} 5 & 1 \\ 2 & 7 \end{pmatrix} || \boxed{\begin{bmatrix} 5 & 1 \\ 2 & 7 \end{bmatrix}}
    + \begin{cases} x=4 \\ y=5 \end{cases} || \boxed{x=4, y=5}
    - \begin{pmatrix} 5 & 1 \\ 2 & 7 \end{pmatrix} || \boxed{\begin{pmatrix} 5 & 2 \\ 1 & 7 \end{pmatrix}}
    + \begin{pmatrix} 5 & 1 \\ 2 & 7 \end{pmatrix} || \boxed{\begin{pmatrix} 5 & 1 \\[4pt] 2 & 7 \end{pmatrix}}
    + \begin{pmatrix} 1/2 \\ 3 \end{pmatrix} || \boxed{\begin{pmatrix} \frac12 \\ 3 \end{pmatrix}}
    + \begin{pmatrix} 1/2 \\ 3 \end{pmatrix} || \boxed{\frac12\begin{pmatrix} 1 \\ 6 \end{pmatrix}}
    - \begin{pmatrix} 1 \\ 3 \end{pmatrix} || \boxed{\begin{pmatrix} 3 \\ 1 \end{pmatrix}}
    - \begin{pmatrix} 1 \\ 3 \end{pmatrix} || \boxed{3}
    + \begin{pmatrix} 5 & 1 \\ 2 & 7 \end{pmatrix} || \boxed{\begin{psmallmatrix} 5 & 1 \\ 2 & 7 \end{psmallmatrix}}
    + \begin{pmatrix} 5 & 1 \\ 2 & 7 \end{pmatrix} || \boxed{A = \begin{pmatrix} 5 & 1 \\ 2 & 7 \end{pmatrix}}
    - \begin{pmatrix} 5 & 1 \\ 2 & 7 \end{pmatrix} || \boxed{\begin{pmatrix} 5 & 1 & 2 & 7 \end{pmatrix}}
    + 33 || \boxed{\begin{vmatrix} 5 & 1 \\ 2 & 7 \end{vmatrix}}
    + \begin{pmatrix} 5 & 1 \\ 2 & 7 \end{pmatrix} || \boxed{\begin{pmatrix} 5&1\cr 2&7 \end{pmatrix}}
    - \begin{cases} x=4 \\ y=5 \end{cases} || \boxed{x=5, y=4}
    # percent against bare number
    + 66\frac{2}{3}\% || \boxed{\frac{200}{3}\%}
    + 37.5\% || \boxed{\frac{3}{8}}
    + 70% || Answer: 70
    + $35\%$ || $35$
    + 35\% || \boxed{0.35}
    - -25\% || \boxed{25\%}
    - 35\% || \boxed{3.5}
    + 35\% || \boxed{35}
    + 35 || \boxed{35\%}
    - 35\% || \boxed{53}
    - 35\% || \boxed{3500}
    - 0.35 || \boxed{0.35\%}
    + \frac{7}{20} || \boxed{35\%}
    - 35\% || \boxed{350\%}
    + 35 \text{ percent} || \boxed{35\%}
    + 35\% || Answer: 35 percent
    + 35\% || \boxed{35\ \%}
    + 35\% || 35%
    # scientific notation forms
    + 2.718 \times 10^{9} || \boxed{2718000000}
    + 5.128 \times 10^{-6} || The answer is 5.128 x 10^-6
    + 5.128 \times 10^{-6} || The answer is 5.128 × 10^{-6}
    + 5.128 \times 10^{-6} || \boxed{5.128 \cdot 10^{-6}}
    + 2.345 \times 10^1 || \boxed{23.45}
    - 5.128 \times 10^{-6} || \boxed{5.128 \times 10^{-7}}
    - 5.128 \times 10^{-6} || \boxed{5.128 \times 10^{6}}
    + 5.128 \times 10^{-6} || \boxed{5.128e-6}
    + 5.128 \times 10^{-6} || \boxed{5.128E-06}
    + 5.128 \times 10^{-6} || \boxed{0.000005128}
    + 5.128 \times 10^{-6} || The answer is 5.128*10^-6.
    + 5.128 \times 10^{-6} || The answer is 5.128*10**-6.
    + 5.128 \times 10^{-6} || The answer is 5.128×10⁻⁶.
    + 5.128 \times 10^{-6} || \boxed{5.128 \times 10^{-6} \text{ m}}
    + 5.128e-6 || \boxed{5.128 \times 10^{-6}}
    - 5.128 \times 10^{-6} || \boxed{5.128}
    - 5.128 \times 10^{-6} || \boxed{5.182 \times 10^{-6}}
    + 3 \times 10^8 || \boxed{300,000,000}
    + 3 \times 10^8 || \boxed{3\times10^{8}\,\text{m/s}}
    + 51.28 \times 10^{-7} || \boxed{5.128\times10^{-6}}
    # gold that cannot be read pays for its last number
    - 1 \otimes 8 || \boxed{8}
    - x=2 \quad x=8 || \boxed{8}
    + x=2 \quad x=8 || \boxed{x=2, x=8}
    - \begin{aligned} x&=2 \\ y&=8\end{aligned} || \boxed{8}
    - \begin{cases} x=2 \\ y=8 \end{cases} || \boxed{8}
    - x=2 \vee x=8 || \boxed{8}
    - \forall x > 8 || \boxed{8}
    - \bigcup_{k=1}^{8} A_k || \boxed{1}
    - \bigcup_{k=1}^{8} A_k || \boxed{8}
    - \exists n > 8 || \boxed{8}
    - a \circ 8 || \boxed{8}
    - 3 \star 8 || \boxed{8}
    - \text{see figure 8} || \boxed{8}
    - p \implies 8 || \boxed{8}
    - \{x : x > 8\} || \boxed{8}
    - x \mapsto 8 || \boxed{8}
    - x > 8 || \boxed{8}
    - f: A \to 8 || \boxed{8}
    - \nabla \cdot F = 8\nabla || \boxed{8}
    - 2 \mid 8 || \boxed{8}
    - \langle 3, 8 \rangle || \boxed{8}
    - $\forall x > 8$ || \boxed{8}
    - $1 \otimes 8$ || \boxed{8}
    - \boxed{1 \otimes 8} || \boxed{8}
    - $\{x \mid x > 8\}$ || \boxed{8}
    - $\{x \mid x > 8\}$ || $8$
    - \[ a \circ 8 \] || \boxed{8}
    # small scientific numbers
    + 2.6 \times 10^{-11} || \boxed{0.000000000026}
    + 2.6e-11 || \boxed{2.6 \times 10^{-11}}
    - 0.0000002 || \boxed{0}
    - 2.6e-11 || \boxed{2.6e-12}
    - 10^{-8} || \boxed{0.00000002}
    - 0.0000006 || \boxed{0.0000003}
    - \frac{1}{100000000} || \boxed{0.00000003}
    - 0 || \boxed{0.0000001}
    - 0 || \boxed{10^{-9}}
    - 1 || \boxed{1.0000001}
    - 1 || \boxed{0.9999999}
    + 10^{-8} || \boxed{0.00000001}
    - $0.0000006$ || $0.0000003$
    - 6.6e-34 || \boxed{6.6e-33}
    - 6.6e-34 || \boxed{0}
    # decimal comma
    + (3;7) || \boxed{(3,7)}
    + 2.71 || The answer is 2,71
    + 0.9 || \boxed{0{,}9}
    + 0{,}9 || \boxed{0.9}
    - 271 || \boxed{2{,}71}
    - (3;7) || \boxed{(7,3)}
    - 9 || \boxed{0{,}9}
    + 2{,}71 || \boxed{2.71}
    + 12{,}5 || \boxed{12{,}5}
    + 1{,}5\,\text{m} || \boxed{1.5}
    + 0{,}25 || \boxed{\frac14}
    - 0{,}25 || \boxed{25}
    + 2.71 || Answer: 2,71.
    - 271 || The answer is 2,71
    # display math box
    + 8 || Thus $\boxed 8$
    + 48 || Thus \fbox{48}
    + 48 || ... Thus the answer is \[ \boxed{48} \]
    + 48 || ... Thus the answer is \[ 48 \]
    + 48 || Step $5 \cdot 7 = 35$. Thus the answer is \( 48 \).
    - 48 || ... Thus the answer is \[ \boxed{84} \] and not 48
    + 48 || $$\boxed{48}$$
    + 48 || \[\begin{aligned} x &= 48 \\ &= \boxed{48} \end{aligned}\]
    + 48 || $\boxed{x = 48}$
    + 48 || \begin{equation}\boxed{48}\end{equation}
    + 48 || The answer is⏎$$⏎48⏎$$
    + 48 || \boxed {48}
    + 48 || $x = \boxed{48}$.
    - 48 || $\boxed{4}8$
    + \frac{1}{48} || $\boxed{\dfrac{1}{48}}$
    # empty solution set
    + \text{no solution} || \boxed{\text{no solution}}
    + \text{no solution} || \boxed{\text{No Solution}}
    + \emptyset || \boxed{\{\}}
    + \varnothing || \boxed{\emptyset}
    - no solution || The answer is 1.
    - \emptyset || \boxed{0}
    - \emptyset || \boxed{\{0\}}
    - \emptyset || \boxed{\{\varnothing\}}
    + \emptyset || \boxed{∅}
    + \emptyset || Answer: ∅
    + no solution || \boxed{\text{no solution}}
    + no solution || The answer is no solution.
    - no solution || \boxed{\text{one solution}}
    - \{0\} || \boxed{\emptyset}
    - 0 || \boxed{\emptyset}
    - 0 || \boxed{\text{no solution}}
    + \{\} || \boxed{\emptyset}
    # mixed number as product
    + 2\frac{3}{4} || \boxed{2\ 3/4}
    + 2\frac{3}{4} || \boxed{2~\frac{3}{4}}
    + 2\frac{3}{4} || \boxed{\frac{11}{4}}
    + 2\frac{3}{4} || \boxed{2.75}
    - 2\frac{3}{4} || \boxed{\frac{3}{2}}
    - 2\frac{3}{4} || \boxed{\frac{6}{4}}
    - 2\frac{3}{4} || \boxed{1.5}
    - 2\frac{3}{4} || \boxed{2\cdot\frac{3}{4}}
    + 2\frac{3}{4} || \boxed{2 + \frac34}
    + 2\frac{3}{4} || The answer is 2 3/4.
    + 2\frac{3}{4} || \boxed{2\,\frac{3}{4}}
    + -2\frac{3}{4} || \boxed{-2.75}
    - -2\frac{3}{4} || \boxed{-1.25}
    + 2 3/4 || \boxed{2\frac34}
    + 2\dfrac{3}{4} || \boxed{2.75}
    + 2\tfrac34 || \boxed{\tfrac{11}{4}}
    """#)
}

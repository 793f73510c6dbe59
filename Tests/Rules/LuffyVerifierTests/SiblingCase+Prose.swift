/// Siblings of faults that people reported of math graders: prose, prices, ratios and formulas of physics.
extension SiblingCase {
  static let prose = rows(
    #"""
    # time of day and ratios
    + 1:2 || \boxed{2:4}
    - 1:2 || \boxed{2:1}
    + 3:4:5 || \boxed{3:4:5}
    - 3:4:5 || \boxed{5:4:3}
    - 8:15 || \boxed{8:51}
    + 8:15 || \boxed{8:15}
    + 2:3 || \boxed{\frac{2}{3}}
    # hash answer followed by text
    + 83 || #### 83
    + 2400 || #### 2,400
    + -83 || #### -83
    + 83 || #### 83 apples
    + 83 || #### $83
    - 83 || #### 84
    - 83 || We had 83. #### 12
    + 8.3 || #### 8.3
    + \frac12 || #### 1/2
    - 83 || #### 8,3
    # comma after the number
    + 96 || The total is 96 pens, altogether.
    + 96 || The answer is 96, in total, so the farmer earns that much.
    - 96 || The answer is 97, which is the total.
    + 58 || #### 58,
    + 58 || The answer is $58$!
    + 58 || We count 58 clips, altogether.
    - 58 || #### ,
    + 96 || The answer is 96; that is all.
    + 96 || The answer is 96 - as expected.
    + 96 || The answer is 96?
    + 96 || So, 96.
    + 96 || The answer is 96...
    + 96 || It costs 96, right?
    # open interval against chain
    + $0 < x < 8.5$ || $(0, 8.5)$
    + $0 < x < 8.5$ || $\{x : 0 < x < 8.5\}$
    - $0 < x < 8.5$ || $(0, 8.5]$
    - $0 < x < 8.5$ || $(0, 8)$
    - $0 < x < 8.5$ || $x < 8.5$
    - $0 < x < 8.5$ || $8.5$
    + $0 < x < 8.5$ || $x \in (0, 8.5)$
    + $0 < x < 8.5$ || $8.5 > x > 0$
    # price per year in prose
    + 32000 || Anna would get $32,000/year
    + 32000 || - Base: $50,000/year⏎- Total additional: 10 * $3,200 = $32,000⏎- Total: $82,000 - $50,000 = $32,000
    - 32000 || - Total pension: $50,000 + $32,000 = $82,000
    + 32000 || She gets $32,000 per year.
    + 32000 || The answer is $32,000/year.
    + 45 || The speed is 45 km/h.
    + 45 || He pays $45 a month.
    # bold price at the end
    + 80000 || So the profit is $80,000.00.
    + 80000 || So the profit is:⏎⏎$210,000 - $130,000 = **$80,000**
    - 80000 || So the profit is:⏎⏎$210,000 - $130,000 = **$90,000**
    + 80000 || Profit: **$80,000**
    # several prices in prose
    + 35000 || Answer: $35,000.00
    + 35000 || He pays $60,000 and $15,000. So the profit is $35,000.
    + 35000 || The profit was $35,000
    - 35000 || He pays $60,000 and $15,000. So the profit is $36,000.
    + 35 || It costs $20 and $15, so $35 in all.
    # prose after final answer
    - (0,1) || Final answer: __import__('os').system('x')
    - \frac{3}{0} || \boxed{\frac{4}{0}}
    - 5 || Final answer: subprocess.run('5')
    - 5 || Final answer: open(5)
    - 5 || Final answer: a.b(5)
    + 3 || Answer: abs(-3)
    + 3 || Answer: math.sqrt(9)
    + 3 || Answer: max(1,3)
    + 5 || Answer (in cm): 5
    + 5 || Answer(s): 5
    + 5 || The answer (b) is 5.
    + 5 || Answer for part(a): 5
    # number mentioned somewhere
    - 24 || It might be 12 or 18 or 24, I do not know, say 30
    - 24 || \boxed{12 \text{ or } 24}
    - 24 || \boxed{12, 24}
    - 24 || \boxed{24 \text{ or } 12}
    - 24 || It is not 24.
    - 24 || The answer is more than 24.
    - 24 || Answer: 12 or 24
    - 24 || The answer could be anything from 12 to 24.
    - 24 || The answer is 12/24.
    - 24 || The answer is 12 to 24.
    - 24 || \boxed{12-24}
    - 24 || \boxed{12\text{--}24}
    - 24 || \boxed{12 \sim 24}
    # reasoning content
    + \frac{1}{7} || <think> could be \boxed{\frac{1}{6}} </think> The final answer is \boxed{\frac{1}{7}}
    - \frac{1}{6} || <think> could be \boxed{\frac{1}{6}} </think> The final answer is \boxed{\frac{1}{7}}
    # repeated answer segments
    + 49 || work \boxed{1}###Response\boxed{2}###Response\boxed{49}
    - 49 || work \boxed{49}###Response⏎So finally \boxed{2}
    # several boxes: repeated
    + 8 || The last digits are 008, so \boxed{008} is what we want.⏎⏎**Final Answer**⏎\boxed{008}
    + 343 || We get \boxed{343}., and I explain below.⏎⏎**Final Answer**⏎\boxed{343}
    - 343 || Maybe \boxed{343}? No.⏎⏎**Final Answer**⏎\boxed{344}
    - 2, 7 || The roots are \boxed{2} and \boxed{8}.
    + 343 || \boxed{343} and again \boxed{343}
    + 343 || $\boxed{343}$, i.e. $\boxed{343}$.
    # implicit product of a name and a bracket
    + k(k+1)(k+2)/6 || \boxed{\frac{k^3+3k^2+2k}{6}}
    + p(q+r) || \boxed{pq+pr}
    - x^2-3x || \boxed{x(x+3)}
    + n(n-1) || \boxed{n^2-n}
    - n(n-1) || \boxed{n^2-1}
    + f(x) = x(x+1) || \boxed{f(x) = x^2+x}
    + t(2t-1) || The answer is t(2t-1).
    # infinitely
    + infinitely many || \boxed{\text{Infinitely many}}
    + \infty || \boxed{+\infty}
    - \infty || \boxed{-\infty}
    + -\infty || The answer is -∞.
    - \infty || \boxed{0}
    + \infty || The answer is infinity.
    # letters of both cases
    + x=(z-C)/D || \boxed{x=(z-C)/D}
    - C - c + D || \boxed{D}
    - \frac{C-c}{D} || \boxed{0}
    - \frac{4}{3}\pi(R^3-r^3) || \boxed{\frac43\pi R^3}
    - M - m || \boxed{0}
    - M - m || \boxed{m - M}
    + M - m || \boxed{-m + M}
    - \frac{M}{m} || \boxed{\frac{m}{M}}
    - Vv || \boxed{v^2}
    + R^2 - r^2 || \boxed{(R-r)(R+r)}
    - K + k || \boxed{2k}
    # physics formula with nested brackets
    + v = \sqrt{\frac{3 k T}{m}} || \boxed{\sqrt{3kT/m}}
    - v = \sqrt{\frac{3 k T}{m}} || \boxed{\sqrt{kT/m}}
    + \frac{\hbar\omega}{4} || \boxed{\hbar\omega/4}
    + E = mc^2 || \boxed{E = m c^{2}}
    - E = mc^2 || \boxed{E = \frac12 mc^2}
    + \frac{G M m}{r^2} || \boxed{F = \frac{GMm}{r^{2}}}
    - \frac{G M m}{r^2} || \boxed{\frac{GMm}{r}}
    + 2\pi\sqrt{\frac{L}{g}} || \boxed{T = 2\pi \sqrt{L/g}}
    + \mu_0 I / (2\pi r) || \boxed{\frac{\mu_0 I}{2\pi r}}
    # floor and fractions
    + \lfloor -3.5 \rfloor || \boxed{-4}
    - \lfloor -3.5 \rfloor || \boxed{-3}
    + \lceil 2.1 \rceil || \boxed{3}
    + \left\lfloor \frac{n}{3} \right\rfloor || \boxed{\lfloor n/3 \rfloor}
    + \frac{\frac{2}{3}}{\frac{4}{5}} || \boxed{\frac{5}{6}}
    - \frac{\frac{2}{3}}{\frac{4}{5}} || \boxed{\frac{8}{15}}
    + \sqrt{5} || \boxed{\sqrt 5}
    - 5 || \boxed{\sqrt{}}
    - \sqrt{5} || \boxed{\sqrt}
    - 5 || \sqrt{5}
    + 1500.45 || \boxed{1 500.45}
    + 23\frac{1}{2} || The answer is 23+1/2
    - 23\frac{1}{2} || \boxed{23-1/2}
    - 3 || \boxed{(5-2) (3-1}
    - \\frac{1}{4} || \boxed{\frac{1}{5}}
    + \\frac{1}{4} || \boxed{\\frac{1}{4}}
    - '' || \boxed{}
    - see the graph || \boxed{4}
    - the figure 4 || \boxed{5}
    + The series is divergent. || \boxed{\text{The series is divergent}}
    - The series is divergent. || \boxed{\text{The series is convergent}}
    + 55 \text{ m}^2 || \boxed{55 \text{ m}^{2}}
    + B || Thus A is wrong.⏎⏎Answer: B
    - C || Thus A is wrong.⏎⏎Answer: E
    """#)
}

/// Siblings of faults that people reported of math graders: choices, money, logarithms, times and retracted boxes.
extension SiblingCase {
  static let choices = rows(
    #"""
    # or lists with names
    + c=5 \text{ or } c=-2 || $c=5$ or $c=-2$
    + c=5 \text{ or } c=-2 || \boxed{\{-2,5\}}
    + c=5 \text{ or } c=-2 || \boxed{c=5 \text{ or } c=-2}
    + 5, -2 || \boxed{c_1=5, c_2=-2}
    + c=5 \text{ or } c=-2 || \boxed{c \in \{-2, 5\}}
    - c=5 \text{ or } c=-2 || \boxed{c=5}
    + c=5 \text{ or } c=-2 || \boxed{c=-2,5}
    + 5, -2 || \boxed{c=5 \text{ or } -2}
    + 5, -2 || \boxed{-2\text{ and }5}
    - 5, -2 || \boxed{c=5,\ c=2}
    - c=5 \text{ or } c=-2 || \boxed{c=-5 \text{ or } c=2}
    + c=5 \lor c=-2 || \boxed{c=5, c=-2}
    + 5, -2 || The solutions are \boxed{5} and \boxed{-2}.
    # permuted lists and base suffix
    + 3BE_{16} || \boxed{3BE_{16}}
    - 3BE_{16} || \boxed{3BF_{16}}
    + 64_7 || \boxed{64_{7}}
    + 1101_2 || \boxed{1101_{\text{two}}}
    - 64_7 || \boxed{647}
    - 2, -5 || \boxed{-5,-2}
    + 2, -5 || \boxed{-5,2}
    + 1, 2, 3, 4 || \boxed{4, 3, 2, 1}
    - 1, 2, 3, 4 || \boxed{1, 2, 3}
    - 1, 2, 3 || \boxed{1, 2, 3, 4}
    # plain gold against LaTeX answer
    + x**3 + 2 || \boxed{x^3+2}
    + \text{no} || \boxed{no}
    + no || \boxed{\text{no}}
    + sqrt(y) || \boxed{\sqrt{y}}
    + 4*pi*r || \boxed{4\pi r}
    - no || \boxed{\text{yes}}
    + True || \boxed{\text{True}}
    + true || \boxed{\text{True}}
    - true || \boxed{\text{false}}
    + 2*x + 1 || \boxed{2x+1}
    + x^(1/2) || \boxed{\sqrt{x}}
    + (1/2)*x || \boxed{\frac{x}{2}}
    + exp(-x) || \boxed{e^{-x}}
    - sqrt(y) || \boxed{y}
    + 1/2 || \boxed{\frac{1}{2}}
    + pi || \boxed{\pi}
    + 3 pi / 4 || \boxed{\frac{3\pi}{4}}
    + [0, 1) || \boxed{[0,1)}
    + x >= 2 || \boxed{x \ge 2}
    + x != 2 || \boxed{x \ne 2}
    + Yes || Answer: yes
    - Yes || Answer: no
    # short fractions
    + \frac{1}{3} || \boxed{\frac13}
    + \frac{1}{3} || \boxed{⅓}
    + \frac{a+b}{3} || \boxed{\frac{a+b}3}
    + \frac{1}{3} || \boxed{\cfrac{1}{3}}
    + \frac{1}{3} || \boxed{{1 \over 3}}
    - \frac{a+b}{3} || \boxed{\frac{a-b}3}
    + \frac{3}{4} || \boxed{¾}
    + \frac{3}{4} || \boxed{\frac 34}
    + \frac{3}{4} || \boxed{3/4}
    + \frac{3}{4} || \boxed{\tfrac34}
    + \frac{3}{4} || \boxed{\nicefrac{3}{4}}
    + \frac{3}{4} || \boxed{\sfrac{3}{4}}
    + \frac{3}{4} || \boxed{\frac{3}{4}.}
    + \frac{\pi}{6} || \boxed{\frac\pi6}
    + \frac{1}{x} || \boxed{\frac1x}
    + \frac{\sqrt{3}}{2} || \boxed{\frac{\sqrt3}2}
    - \frac{3}{4} || \boxed{34}
    + \frac{3}{4} || \boxed{3 \div 4}
    + \frac{3}{4} || \boxed{{3}/{4}}
    + \frac{3}{4} || \boxed{\frac{3}4}
    + \frac{3}{4} || The answer is ¾.
    # caret and relative tolerance
    + 64 || The answer is 4^3
    + 64 || \boxed{4^3}
    - 987654321 || \boxed{987654322}
    - 987654321.5 || \boxed{987654321}
    - 7 || \boxed{4^3}
    - 1000000 || \boxed{1000001}
    + 1000000 || \boxed{10^6}
    - 0.123456 || \boxed{0.123457}
    - 64 || The answer is 3^4
    # choice letters in a box
    + D || The answer is D.
    + (D) || So the result is \boxed{D}
    + D || The answer is (D).
    + D || So the result is \boxed{(D)}
    - D || The answer is E, not D.
    + D || \boxed{\text{D}}
    + D || \boxed{\textbf{(D)}}
    + D || \boxed{D. }
    - D || \boxed{E}
    - D || \boxed{C, D}
    + D || **Answer: D**
    + D || Answer: (D) because 3
    - D || Answer: A
    + D || $\boxed{\mathrm{(D)}}$
    + \text{(D)} || \boxed{D}
    - A || A bird flew away.
    - A || The answer is a number.
    # complex fraction form
    + |5-12i| || \boxed{13}
    + e^{i\pi/6} || \boxed{\cos\frac{\pi}{6}+i\sin\frac{\pi}{6}}
    + \frac{2}{5} - \frac{i}{5} || \boxed{\frac{1}{2+i}}
    + \frac{2}{5} - \frac{i}{5} || \boxed{\frac{2}{5}-\frac{1}{5}i}
    - \frac{2}{5} - \frac{i}{5} || \boxed{\frac{2+i}{5}}
    + (1+i)^4 || \boxed{-4}
    + \sqrt{-9} || \boxed{3i}
    - 3i || \boxed{3}
    - 3i || \boxed{-3i}
    + 2 - 3i || The answer is 2-3i.
    # time of day
    + 6{:}20 || \boxed{6:20}
    - 3:00 || \boxed{6:00}
    - 6:20 || \boxed{7:19}
    + 6:20 || \boxed{6:20}
    + 6:20 || The answer is 6:20.
    + 6:20 \text{ p.m.} || \boxed{6:20 \text{ p.m.}}
    + 6:20 || \boxed{6{:}20}
    - 6:20 || \boxed{6}
    - 6:20 || \boxed{20}
    - 2:30 || \boxed{1:15}
    - 6:20 || \boxed{3:10}
    + 6:20 || \boxed{6\!:\!20}
    + 6:20 || \boxed{6:20 \text{ PM}}
    + 10:05 || Answer: 10:05
    # all of several answers needed
    + 216 and 729 || The numbers are 216 and 729. Answer: 216 and 729
    - 729 || \boxed{216 \text{ or } 729}
    - 216 and 729 || \boxed{729}
    - 216 and 729 || \boxed{216}
    + 216 and 729 || \boxed{729, 216}
    + 216 \text{ and } 729 || \boxed{216 \text{ and } 729}
    - 216, 729 || \boxed{216, 728}
    - 216, 729 || Answer: 729
    - 3 || \boxed{3, 4}
    - 3 || \boxed{3 \text{ or } 4}
    - 3 || The answer is 3 or 4.
    - 4 || The answer is 3 or 4.
    - 3 || Answer: 3, 4
    # unit coefficient of i
    + -3 + i || -3 + i
    + i || \boxed{1i}
    + -3 + i || \boxed{-3+1i}
    - -3 + i || \boxed{-3-1i}
    + -3 - i || \boxed{-3-1i}
    + -i || \boxed{-1i}
    + -i || \boxed{-1 \cdot i}
    + -3 + i || \boxed{i - 3}
    - -3 + i || \boxed{-3}
    + 1+i || The answer is 1 + i.
    + -3 + i || \boxed{-3+\mathrm{i}}
    # currency forms
    + \$8,412.36 || \boxed{8412.36}
    + 15.75 || \boxed{£15.75}
    + 200 || \boxed{\$200.00}
    + 15.75 || \boxed{€15.75}
    - 8412.36 || \boxed{8412.63}
    + 15.75 || \boxed{15.75€}
    + 15.75 || \boxed{15.75 \text{ USD}}
    + 15.75 || \boxed{\text{\$}15.75}
    + 15.75 || \boxed{¥15.75}
    + 15.75 || \boxed{USD 15.75}
    + 15.75 || \boxed{\text{Rs. } 15.75}
    + 15.75 || \boxed{₹15.75}
    + 15.75 || \boxed{$15.75}
    + 15.75 || The answer is €15.75.
    + 15.75 || The answer is 15.75 euros.
    + \$15.75 || \boxed{15.75}
    + \text{\$}15.75 || \boxed{15.75}
    - 15.75 || \boxed{\$15}
    # money in prose
    + 2345 || The answer is 2,345 dollars
    + 2345 || The answer is ¥2,345.
    + 2345 || The answer is \$2,345.00.
    + 2345 || The answer is 2345 €.
    - 2345 || The answer is $2,346.00
    + 2345 || So she pays $2,345.
    + 2345 || She has $2,345 left after paying $40? No: she has $2,345.
    + 2345 || The answer is £2,345.
    + 2345 || The answer is $2345 (two thousand).
    + 2345.5 || The answer is $2,345.50.
    # logarithms
    + \log_2 5 || \boxed{\frac{\log 5}{\log 2}}
    + \ln 3 || \boxed{\log_e 3}
    + \log_4 25 || \boxed{\log_2 5}
    + \log_2 (5x) || \boxed{\log_2 5 + \log_2 x}
    - \log_2 5 || \boxed{\log_5 2}
    + \log_{2}{5} || \boxed{\frac{\ln 5}{\ln 2}}
    - \ln 6 || \boxed{\ln 2 \cdot \ln 3}
    + \ln 6 || \boxed{\ln 2 + \ln 3}
    + \lg 1000 || \boxed{3}
    + \log_3 81 || \boxed{4}
    - \log_3 81 || \boxed{3}
    + \ln\frac{1}{2} || \boxed{-\ln 2}
    + \log_{10} 2 || \boxed{\log 2}
    # numeric sampling false positives
    - x^2 || \boxed{|x|^2 + 10^{-14}}
    - |y| || \boxed{y}
    - 0 || \boxed{12^x}
    - \lfloor y \rfloor || \boxed{y}
    - x || \boxed{x+10^{-13}}
    - 0 || \boxed{e^{-100x^2}}
    - 1 || \boxed{1+e^{-x^2}}
    - \text{sgn}(x) || \boxed{1}
    - n || \boxed{n+1}
    + |x|^2 || \boxed{x^2}
    - \arctan(\tan x) || \boxed{x + \pi}
    - x || \boxed{\ln(e^x+1)}
    # unions of open intervals
    + (2,5) \cup (3,6) || \boxed{(2,6)}
    + (1,3) \cup (4,6) || \boxed{(1,3)\cup(4,6)}
    + (1,3) \cup (4,6) || \boxed{(4,6) \cup (1,3)}
    - (1,3) \cup (3,6) || \boxed{(1,6)}
    - (1,3) \cup (4,6) || \boxed{(1,3] \cup (4,6)}
    + (1,3] \cup (3,6) || \boxed{(1,6)}
    - (1,3) \cup (4,6) || \boxed{(1,6)}
    - (1,3) \cup (4,6) || \boxed{(1,3)\cap(4,6)}
    - (1,3) \cup (4,6) || \boxed{(1,3)}
    # degrees and radians
    + \frac{\pi}{5} || \boxed{\frac{\pi}{5} \text{ rad}}
    + 36^\circ || \boxed{36°}
    + 36 || The angle is 36°.
    - \frac{\pi}{5} || \boxed{\frac{\pi}{6}}
    + 36 || \boxed{36^\circ}
    + 36^\circ || \boxed{36}
    + 36^\circ || The answer is 36 degrees.
    + 36 || \boxed{36\text{ degrees}}
    + \frac{\pi}{5} || \boxed{\frac{\pi}{5}\text{ radians}}
    - 36^\circ || \boxed{63^\circ}
    + 36 || \boxed{36\,^\circ}
    + 36 || \boxed{36{}^\circ}
    + 25 || \boxed{25\,^\circ\mathrm{C}}
    + 25 || \boxed{25°C}
    + 25 || \boxed{25\degree}
    + 25 || The answer is 25°C.
    - 25 || \boxed{-25^\circ}
    # dollar and thousands in a box
    + 8350 || The answer is $8{,}350.
    + 8350 || \boxed{$8{,}350}
    + 8350 || The answer is \$8,350.
    + 8350 || \boxed{\$8,350}
    + 8350 || \boxed{\$8{,}350.00}
    + 8350 || The answer is \$8{,}350.
    - 8350 || \boxed{\$8,305}
    - 0 || \boxed{5,000}
    - 350 || \boxed{\$8,350}
    - 8 || The answer is $8{,}350.
    + 1234567 || The answer is $1{,}234{,}567.
    + 8350 || \boxed{\$ 8,350}
    # final answer sentence
    + \frac{5}{11} || Final Answer: The final answer is 5/11. I hope it is correct.
    + 14\sqrt{3} || Final Answer: The final answer is 14\sqrt{3}. I hope it is correct.
    + 14\sqrt{3} || Final Answer: The final answer is $14\sqrt{3}$. I hope it is correct.
    - \frac{5}{11} || The final answer is $\frac{11}{5}$. I hope it is correct.
    + 2, 7 || Final Answer: The final answer is 2, 7. I hope it is correct.
    + x^2+1 || The final answer is x^2+1. I hope it is correct.
    - 5 || The final answer is 5/11. I hope it is correct.
    + (2, 7) || The final answer is (2, 7). I hope it is correct.
    + -8 || Final Answer: The final answer is -8. I hope it is correct.
    + 8 || The final answer is: $\boxed{8}$. I hope it is correct.
    + 3\pi || The final answer is 3\pi. I hope it is correct.
    # leading zeros
    + 35 || \boxed{035}
    + 35 || \boxed{0035}
    + 9 || The answer is \boxed{009.0}
    - 35 || \boxed{0350}
    + 035 || \boxed{35}
    + 007 || \boxed{7}
    - 0.5 || \boxed{05}
    + 0.5 || \boxed{00.5}
    + 35 || The answer is 035.
    + 7 || 007
    + 0 || \boxed{000}
    - 35 || \boxed{0.35}
    # retracted box
    + \frac{1}{4} || the answer is \boxed{\frac{1}{5}}. Let me recheck this. I get \boxed{\frac{1}{4}}
    + 8 || the answer is \boxed{3}. Wait, that is wrong; the correct value is \boxed{8}.
    + 8 || \boxed{3}⏎⏎Correction:⏎⏎\boxed{8}
    - 3 || the answer is \boxed{3}. wait, actually \boxed{8}
    + 8 || \boxed{3}? No, \boxed{8}.
    + 8 || \boxed{3}. Oops, I mean \boxed{8}.
    + 8 || \boxed{3} Sorry, \boxed{8}
    + 8 || \boxed{3}. Hmm, let me redo: \boxed{8}
    + 8 || \boxed{3}. That's incorrect. \boxed{8}
    + 8 || \boxed{3}. On second thought, \boxed{8}
    - 3, 8 || \boxed{3}. No wait, \boxed{8}
    + 3, 8 || \boxed{3} and \boxed{8}
    + 3, 8 || \boxed{3}, \boxed{8}
    + 3, 8 || \boxed{3} or \boxed{8}
    + 8 || \boxed{3}. But actually it should be \boxed{8}.
    + 8 || \boxed{3}. Let me double-check. \boxed{8}
    + 8 || \boxed{3} is not right, so \boxed{8}
    + 8 || First guess: \boxed{3}. Revised: \boxed{8}
    """#)
}

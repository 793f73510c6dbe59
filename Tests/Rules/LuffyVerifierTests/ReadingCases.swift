import Foundation
import Testing

/// One row of a table: a reference, a response, and whether mathematics says that the response is right.
struct ReadingCase: CustomTestStringConvertible {
  let reference: String
  let response: String
  let isRight: Bool

  var testDescription: String { "\(isRight ? "+" : "-") \(reference) || \(response)" }

  /// Rows as lines `+ reference || response` (right) and `- reference || response` (wrong).
  static func rows(_ table: String) -> [ReadingCase] {
    table.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("+ ") || line.hasPrefix("- "), let bar = line.range(of: " || ") else {
        return nil
      }
      let reference = line[line.index(line.startIndex, offsetBy: 2)..<bar.lowerBound]
      return ReadingCase(
        reference: String(reference), response: String(line[bar.upperBound...]),
        isRight: line.hasPrefix("+"))
    }
  }

  static let all = rows(
    #"""
    # text inside formulas
    - 5 || \boxed{5 \text{ hours } 20 \text{ minutes}}
    - 5 \text{ hours } 20 \text{ minutes} || \boxed{5}
    + 5 \text{ hours } 20 \text{ minutes} || \boxed{5\text{ hours }20\text{ minutes}}
    - 3 \text{ km } 200 \text{ m} || \boxed{3}
    - 12\text{ remainder }5 || \boxed{12\text{ remainder }6}
    - 12\text{ remainder }5 || \boxed{12}
    - 6 \text{ cats}, 7 \text{ dogs} || \boxed{6 \text{ cats}, 8 \text{ dogs}}
    + 6 \text{ cats}, 7 \text{ dogs} || \boxed{6, 7}
    - 6 \text{ cats}, 7 \text{ dogs} || \boxed{6}
    - x_{\text{min}} - \frac13 || \boxed{x_{\text{max}} - \frac13}
    + x_{\text{min}} - \frac13 || \boxed{x_{\mathrm{min}} - \frac{1}{3}}
    - \frac{p_{\mathrm{A}}}{4} || \boxed{\frac{p_{\mathrm{B}}}{7}}
    - \sqrt{\mathrm{e}^{4}} || \boxed{\sqrt{\mathrm{e}^{6}}}
    - 7 \text{ if } n \text{ is odd}, 8 \text{ if } n \text{ is even} || \boxed{7 \text{ if } n \text{ is odd}, 9 \text{ if } n \text{ is even}}
    - 3 \text{ dollars and } 25 \text{ cents} || \boxed{3 \text{ dollars and } 30 \text{ cents}}
    + \text{12 books} || \boxed{12}
    + 40\% || \boxed{\text{40\%}}
    - 8 || \boxed{\text{negative } 8}
    + -8 || \boxed{\text{negative } 8}
    - 8 || \boxed{\text{-}8}
    # upper and lower case
    - \pi(A^2-a^2) || \boxed{0}
    - \pi(A^2-a^2) || \boxed{\pi(a^2-A^2)}
    + \pi(A^2-a^2) || \boxed{\pi(A-a)(A+a)}
    - \frac{M-m}{2} || \boxed{0}
    - \frac{T}{t} || \boxed{1}
    - N - n || \boxed{n - N}
    - 2L + l || \boxed{3l}
    - \frac{3R}{2r} || \boxed{\frac32}
    + x^2+1 || \boxed{X^2+1}
    + 2AB || \boxed{2ab}
    - G\frac{Mm}{r^2} || \boxed{G\frac{m^2}{r^2}}
    + G\frac{Mm}{r^2} || \boxed{\frac{GMm}{r^{2}}}
    - \sum_{n=1}^{N} n || \boxed{\frac{n(n+1)}{2}}
    + \text{EVEN} || \boxed{\text{even}}
    # letters that are no units
    - 3t || \boxed{3}
    - 5m || \boxed{5}
    - 2h || \boxed{2}
    - \frac12 g || \boxed{\frac12}
    - 7ab || \boxed{7}
    - 4bc || \boxed{4}
    - x+3d || \boxed{x+3}
    - x+3d || \boxed{x+3h}
    - n^2 l || \boxed{n^2}
    - y = 1 + 4s || \boxed{y = 5}
    - (1+3t, 2-t) || \boxed{(1+3, 2-t)}
    + (1+3t, 2-t) || \boxed{(3t+1, -t+2)}
    + 9 s || \boxed{9}
    + 12kg || \boxed{12}
    + 15 cm || \boxed{15}
    # units
    + 8 || \boxed{8\text{ cm}^2}
    + 8 || \boxed{8\,\mathrm{m/s}}
    + 8 || \boxed{8\ \text{m/s}^2}
    + 8 || \boxed{8 km/h}
    + 8 || \boxed{8 miles per hour}
    + 8 || \boxed{8 meters}
    + 8 || \boxed{8\,\frac{\text{km}}{\text{h}}}
    + 8 || \boxed{8\;\mathrm{kg}\cdot\mathrm{m}/\mathrm{s}^2}
    + 8 || \boxed{8 \mathrm{~cm}^{3}}
    + 8 \text{ ft/s} || \boxed{8}
    + 2, 3 || \boxed{2\text{ cm}, 3\text{ cm}}
    + 60 || \boxed{60 \degree}
    + 60 || \boxed{60\,^\circ\mathrm{C}}
    + 60 || \boxed{60^{\circ}\text{F}}
    + \frac{\pi}{6} || \boxed{\frac{\pi}{6}\text{ radians}}
    - 8 || \boxed{9 km/h}
    - 8 || \boxed{8 + x \text{ cm}}
    # what cannot be read
    - \{x\mid x>4\} || \boxed{4}
    - \{x\mid x>4\} || \boxed{\{x\mid x<4\}}
    - \{x\mid x>4\} || \boxed{\{x\mid x\ge 4\}}
    - 2 \oplus 6 || \boxed{6}
    - AB \perp CD || \boxed{AB \parallel CD}
    - n \nmid 15 || \boxed{n \mid 15}
    - \forall x > 7 || \boxed{7}
    - \exists n : n^2 = 9 || \boxed{9}
    - \bigcup_{k=1}^{7} B_k || \boxed{7}
    - x = 2 \quad x = 9 || \boxed{9}
    - x = 2 \vee x = 9 || \boxed{9}
    + x = 2 \vee x = 9 || \boxed{2, 9}
    - \begin{aligned} a&=2 \\ b&=9\end{aligned} || \boxed{9}
    + \begin{aligned} a&=2 \\ b&=9\end{aligned} || \boxed{a=2, b=9}
    - \underbrace{22\ldots2}_{99} || \boxed{99}
    + 3\uparrow\uparrow 2 || \boxed{3\uparrow\uparrow 2}
    - 3\uparrow\uparrow 2 || \boxed{2}
    + x \equiv 5 \pmod{11} || \boxed{x \equiv 5 \pmod{11}}
    + x \equiv 5 \pmod{11} || \boxed{x \equiv 16 \pmod{11}}
    - x \equiv 5 \pmod{11} || \boxed{x \equiv 6 \pmod{11}}
    - x \equiv 5 \pmod{11} || \boxed{11}
    # dots
    + 2, 4, \ldots, 20 || \boxed{2,4,\dots,20}
    + 2, 4, \ldots, 20 || \boxed{2, 4, ..., 20}
    - 2, 4, \ldots, 20 || \boxed{2, 4, 20}
    - 2, 4, \ldots, 20 || \boxed{20}
    - 2, 4, \ldots, 20 || \boxed{2, 4, \ldots, 18}
    - 1, 3, \ldots, 2n-1 || \boxed{1, 2, \ldots, n}
    - 2:4:6:\ldots || \boxed{2:4:8:\ldots}
    - 2 + 4 + \cdots + 20 || \boxed{26}
    # signs before names
    - x = 3, 5 || \boxed{-x = 3, 5}
    - -x = 3, 5 || \boxed{x = 3, 5}
    - y = 8 || \boxed{-y = 8}
    - 8 || \boxed{-y = 8}
    + 8 || \boxed{8 = y}
    + y = 8 || \boxed{8 = y}
    # small numbers
    - 10^{-8} || \boxed{0.00000003}
    - 0.0000005 || \boxed{0.0000001}
    - 0.0000041 || \boxed{0.0000037}
    - 0.0000001 || \boxed{0}
    - 0 || \boxed{0.0000003}
    - \frac{1}{20000000} || \boxed{0.0000003}
    - e^{-14} || \boxed{0.000001}
    + 10^{-8} || \boxed{0.00000001}
    + 2.5 \times 10^{-7} || \boxed{0.00000025}
    + \frac{1}{3} || \boxed{0.333333}
    - \frac{1}{3} || \boxed{0.3333}
    # programs
    + 3x^2 || \boxed{3*x**2}
    + \frac{\pi}{5} || \boxed{pi/5}
    + 7\sqrt{3} || \boxed{7*sqrt(3)}
    + \sqrt{x+1} || \boxed{sqrt(x + 1)}
    + x^{1/3} || \boxed{x**(1/3)}
    + e^{2} + 1 || \boxed{exp(2) + 1}
    + \sin x || \boxed{sin(x)}
    + x^{2(n+1)} || \boxed{x**(2*(n+1))}
    + |x-2| || \boxed{abs(x-2)}
    + 2*pi*r || \boxed{2\pi r}
    + x**3 - 2*x || \boxed{x^3-2x}
    - \frac{\pi}{5} || \boxed{pi/6}
    - 3x^2 || \boxed{3*x**3}
    - 7\sqrt{3} || \boxed{3*sqrt(7)}
    + \infty || \boxed{infinity}
    # letters in other fonts
    + \frac{3}{e} || \boxed{\frac{3}{\mathrm{e}}}
    + 4 - 3i || \boxed{4 - 3\mathrm{i}}
    + x^e || \boxed{x^{\mathrm{e}}}
    + 12.5 || \boxed{\mathbf{12.5}}
    + 12.5 || \boxed{\boldsymbol{12.5}}
    + 12.5 || \boxed{\textbf{12.5}}
    + 12.5 || \boxed{\textcolor{red}{12.5}}
    + 12.5 || \boxed{{\color{blue}12.5}}
    + 12.5 || \boxed{\underline{12.5}}
    + 12.5 || \boxed{\Large 12.5}
    + 12.5 || \boxed{\displaystyle 12.5}
    - 12.5 || \boxed{\mathbf{12.6}}
    - 12.5 || \boxed{\textcolor{red}{15.2}}
    + \mathbf{v} || \boxed{\boldsymbol{v}}
    + \mathcal{P} || \boxed{\mathcal P}
    - \mathcal{P} || \boxed{\mathcal{Q}}
    # sizes
    + (2, 5) || \boxed{\left( 2, 5 \right)}
    + x(y+1)^2 || \boxed{x\bigl(y+1\bigr)^2}
    + x(y+1)^2 || \boxed{x\Big(y+1\Big)^2}
    + |x| || \boxed{\left|x\right|}
    - x(y+1)^2 || \boxed{x\bigl(y-1\bigr)^2}
    # percent
    + 33\frac13\% || \boxed{\frac{100}{3}\%}
    + 12\frac12\% || \boxed{\frac18}
    + 6.5\% || \boxed{6.5 \text{ percent}}
    + 6.5\% || \boxed{0.065}
    - 6.5\% || \boxed{0.65}
    - 6.5\% || \boxed{65 \text{ percent}}
    + x\% || \boxed{x \%}
    # separators
    + 0.3 || \boxed{0{,}3}
    + 0{,}3 || \boxed{0.3}
    + 4.25 || \boxed{4{,}25}
    + 12345 || \boxed{12{,}345}
    + 1234567 || \boxed{1{,}234{,}567}
    + 2345.6 || \boxed{2\,345.6}
    - 425 || \boxed{4{,}25}
    - 12.345 || \boxed{12{,}345}
    + 3{:}45 || \boxed{3:45}
    - 3{:}45 || \boxed{3:54}
    # mixed numbers and fractions
    + 2\frac{3}{4} || \boxed{2~\frac{3}{4}}
    + 2\frac{3}{4} || \boxed{\frac{11}{4}}
    - 2\frac{3}{4} || \boxed{\frac{6}{4}}
    + \frac{\pi}{6} || \boxed{\frac\pi6}
    + \frac{\pi}{6} || \boxed{\frac{\pi}6}
    + \frac{\pi}{6} || \boxed{\frac\pi{6}}
    + \frac{1}{\pi} || \boxed{\frac1\pi}
    + \frac{x}{2} || \boxed{\frac x2}
    + \sqrt{\pi} || \boxed{\sqrt\pi}
    + \sqrt[3]{2} || \boxed{\sqrt[3]2}
    + x^{1/2} || \boxed{x^\frac12}
    + \binom{n}{2} || \boxed{\binom n2}
    - \frac{\pi}{6} || \boxed{\frac\pi3}
    # sets and conditions
    + \{x \mid x > 4\} || \boxed{\{x : x > 4\}}
    + \{x \mid x > 4\} || \boxed{(4, \infty)}
    + \{x \mid x > 4\} || \boxed{x > 4}
    + \{y \mid y \le 1\} || \boxed{\{x \mid x \le 1\}}
    + 0 < x < 5 || \boxed{\{x \mid 0 < x < 5\}}
    - 0 < x < 5 || \boxed{\{x \mid 0 \le x < 5\}}
    + \{(x,y) \mid x+y=2\} || \boxed{\{(x,y) : x+y=2\}}
    - \{(x,y) \mid x+y=2\} || \boxed{\{(x,y) : x-y=2\}}
    - \{n \in \mathbb{Z} \mid n^2 < 7\} || \boxed{7}
    - \{n \in \mathbb{Z} \mid n^2 < 7\} || \boxed{\{n \in \mathbb{N} \mid n^2 < 7\}}
    + x < 1 \text{ or } x > 4 || \boxed{(-\infty,1)\cup(4,\infty)}
    - x < 1 \text{ or } x > 4 || \boxed{(-\infty,1]\cup(4,\infty)}
    - x < 1 \text{ or } x > 4 || \boxed{x > 4}
    - x < 1 \text{ or } x > 4 || \boxed{(1,4)}
    + x > 1 \text{ and } x < 4 || \boxed{(1,4)}
    - x > 1 \text{ and } x < 4 || \boxed{(-\infty,\infty)}
    + \emptyset || \boxed{\{ \}}
    + [2,5) || \boxed{[2;5)}
    # plus or minus
    + \frac{3 \pm \sqrt{5}}{2} || \boxed{\frac32 \pm \frac{\sqrt5}{2}}
    + \frac{3 \pm \sqrt{5}}{2} || \boxed{\frac{3+\sqrt5}{2}, \frac{3-\sqrt5}{2}}
    - \frac{3 \pm \sqrt{5}}{2} || \boxed{\frac{3+\sqrt5}{2}}
    - \frac{3 \pm \sqrt{5}}{2} || \boxed{\frac{3 \pm \sqrt{5}}{4}}
    + x = 1 \pm 2i || \boxed{1+2i, 1-2i}
    - \sin a \cos b \mp \cos a \sin b || \boxed{\sin a \cos b + \cos a \sin b}
    + \{\pm 1, \pm 3\} || \boxed{\{1, -1, 3, -3\}}
    # cases and systems
    + \begin{cases} x=3 \\ y=4 \end{cases} || \boxed{x=3, y=4}
    + x=3, y=4 || \boxed{\begin{cases} x=3 \\[4pt] y=4 \end{cases}}
    + x=3, y=4 || \boxed{\left\{\begin{array}{l} x=3 \\ y=4 \end{array}\right.}
    - \begin{cases} x=3 \\ y=4 \end{cases} || \boxed{4}
    + \begin{cases} x & \text{if } x>1 \\ 2 & \text{otherwise} \end{cases} || \boxed{\begin{cases} 2 & \text{otherwise} \\ x & \text{if } x>1 \end{cases}}
    - \begin{cases} x & \text{if } x>1 \\ 2 & \text{otherwise} \end{cases} || \boxed{\begin{cases} x & \text{if } x>1 \\ 3 & \text{otherwise} \end{cases}}
    - \begin{cases} x & \text{if } x>1 \\ 2 & \text{otherwise} \end{cases} || \boxed{\begin{cases} x & \text{if } x>2 \\ 2 & \text{otherwise} \end{cases}}
    + \begin{pmatrix} 1 \\ 2 \end{pmatrix} || \boxed{\begin{bmatrix} 1 \\[2mm] 2 \end{bmatrix}}
    + \begin{pmatrix} 1 & 2 \end{pmatrix} || \boxed{\begin{pmatrix} 1 \\ 2 \end{pmatrix}^{\mathrm{T}}}
    # qualifiers
    + f(x)=ax, a \in \mathbb{R} || \boxed{f(x)=ax \text{ where } a \in \mathbb{R}}
    + f(x)=ax || \boxed{f(x)=ax \text{ for any constant } a}
    + f(x)=ax \text{ for all } a || \boxed{f(x)=ax}
    + 2k\pi, k \in \mathbb{Z} || \boxed{2\pi k \text{ for } k \in \mathbb{Z}}
    - 2k\pi, k \in \mathbb{Z} || \boxed{2\pi k, k \in \mathbb{N}}
    - f(x)=ax || \boxed{f(x)=bx^2 \text{ for any } b}
    # large numbers
    + 9!! || \boxed{945}
    - 9!! || \boxed{362880}
    + \binom{10}{3} || \boxed{{}^{10}C_3}
    + \binom{10}{3} || \boxed{_{10}C_{3}}
    + 720 || \boxed{^{10}P_3}
    + 5\cdot 2^{90000} || \boxed{10\cdot 2^{89999}}
    - 5\cdot 2^{90000} || \boxed{5\cdot 2^{90001}}
    + 3^{2^{16}} || \boxed{3^{65536}}
    - 2^{1000} || \boxed{2^{1000}+1}
    + \log_{10} 10^{8000} || \boxed{8000}
    - \log_3 3^{50000} || \boxed{50001}
    + \ln 7 || \boxed{\log_e 7}
    + 1011_2 || \boxed{1011_{\text{two}}}
    - 1011_2 || \boxed{1011_{\text{three}}}
    # sums
    + \sum_{n=1}^{\infty} \frac{1}{n^2} || \boxed{\frac{\pi^2}{6}}
    + \sum_{k=0}^{\infty} \frac{1}{3^k} || \boxed{\frac32}
    + \sum_{k=0}^{\infty} \frac{1}{k!} || \boxed{e}
    - \sum_{k=0}^{\infty} \frac{1}{3^k} || \boxed{\frac43}
    - \sum_{n=1}^{\infty} \frac{1}{n} || \boxed{5}
    + \sum_{k=1}^{900} \frac{1}{k(k+1)} || \boxed{\frac{900}{901}}
    - x^2 || \boxed{x^2+\frac{1}{10^{40}+x^2}}
    - \sqrt{x} || \boxed{\sqrt{x}+\frac{1}{10^{25}}}
    """#)
}

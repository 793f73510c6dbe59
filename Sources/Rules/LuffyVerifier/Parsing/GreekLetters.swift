/// Greek letters by the text they are written with.
enum GreekLetters {
  static let names: [String: String] = {
    let commands =
      "alpha beta gamma Gamma delta Delta epsilon varepsilon zeta eta theta Theta vartheta iota "
      + "kappa lambda Lambda mu nu xi Xi omicron pi Pi varpi rho varrho sigma Sigma varsigma tau "
      + "upsilon Upsilon phi Phi varphi chi psi Psi omega Omega"
    var table: [String: String] = [:]
    for name in commands.split(separator: " ") { table["\\" + name] = String(name) }
    let letters =
      "α alpha β beta γ gamma Γ Gamma δ delta Δ Delta ε epsilon ϵ varepsilon ζ zeta η eta θ theta "
      + "Θ Theta ϑ vartheta ι iota κ kappa λ lambda Λ Lambda μ mu ν nu ξ xi Ξ Xi ο omicron π pi "
      + "Π Pi ϖ varpi ρ rho ϱ varrho σ sigma Σ Sigma ς varsigma τ tau υ upsilon Υ Upsilon φ phi "
      + "Φ Phi ϕ varphi χ chi ψ psi Ψ Psi ω omega Ω Omega"
    let pairs = letters.split(separator: " ")
    for index in stride(from: 0, to: pairs.count - 1, by: 2) {
      table[String(pairs[index])] = String(pairs[index + 1])
    }
    return table
  }()
}

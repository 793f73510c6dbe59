extension PreparedUpdate {
  /// True where an update without a gradient of a policy-gradient or likelihood term is to be left out.
  ///
  /// An objective that at this step consists of entropy and KL terms alone has nothing that they could be beside:
  /// they are what it learns.
  public var isSkippable: Bool {
    objective.skipsWithoutSignal && objective.terms.contains { $0.teaches(at: step) }
  }

  /// False where rewards and masks alone say that no policy-gradient or likelihood term has a gradient: every
  /// advantage is 0, or no row holds a token of a term.
  public var maySignal: Bool {
    objective.terms.contains { term in
      term.teaches(at: step)
        && rows.contains { row in
          (term.loss == .likelihood || row.advantage != 0)
            && row.sources.contains(where: term.tokens.includes)
        }
    }
  }
}

extension Term {
  /// It learns from rows, and counts at a step.
  fileprivate func teaches(at step: Int) -> Bool {
    switch loss {
    case .surrogate, .likelihood: coefficient.value(at: step) != 0
    case .kl, .entropy: false
    }
  }
}

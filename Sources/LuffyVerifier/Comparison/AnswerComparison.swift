/// Decides whether two read answers are the same.
struct AnswerComparison {
  let options: ComparisonOptions
  let budget: WorkBudget

  func isEqual(gold: Answer, answer: Answer) -> Bool {
    if let a = gold.text?.trimmed(), let b = answer.text?.trimmed(), !a.isEmpty, a == b {
      return true
    }
    guard let a = gold.value, let b = answer.value else { return false }
    return isEqual(a, b)
  }

  func isEqual(_ gold: Expression, _ answer: Expression) -> Bool {
    if gold == answer { return true }
    guard let a = gold.plainNumber, let b = answer.plainNumber else { return false }
    return a == b
  }
}

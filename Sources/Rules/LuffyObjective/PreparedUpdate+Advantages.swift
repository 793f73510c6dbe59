extension PreparedUpdate {
  /// Groups the rows and gives each its advantage.
  static func judged(_ inputs: [ObjectiveRow], by rule: AdvantageRule) -> [Row] {
    let isOff = inputs.map(\.isOff)
    let rewards = inputs.indices.map { index in
      guard let penalty = rule.lengthPenalty, !isOff[index] else { return inputs[index].reward }
      return inputs[index].reward + penalty.value(length: inputs[index].tokenCount)
    }
    let groups = members(of: inputs)
    let dropped = groups.map { group in
      let compared = group.filter { rule.baseline != .onPolicy || !isOff[$0] }
      return rule.filters.contains(.uniformGroups)
        && Set(compared.map { inputs[$0].reward }).count < 2
    }
    let batch = zip(groups, dropped).flatMap { $1 ? [] : $0 }.map { rewards[$0] }
    let batchStd = standardDeviation(batch)

    var rows = zip(inputs, rewards).map { input, reward in
      Row(
        input: input, sources: input.tokenSources, reward: reward, advantage: 0,
        isSolved: input.reward > rule.successThreshold, groupSuccess: 0, isKept: true)
    }
    for (group, isDropped) in zip(groups, dropped) {
      let values = rule.advantages(
        rewards: group.map { rewards[$0] }, isOff: group.map { isOff[$0] }, batchStd: batchStd)
      let own = group.filter { !isOff[$0] }
      let solved = own.filter { rows[$0].isSolved }
      for (position, index) in group.enumerated() {
        rows[index].groupSuccess = own.isEmpty ? 0 : Double(solved.count) / Double(own.count)
        rows[index].advantage = inputs[index].advantage ?? values[position]
        rows[index].apply(rule.filters, inUniformGroup: isDropped)
      }
    }
    return rows
  }

  /// Row indices of each group, groups in the order of their first row.
  static func members(of inputs: [ObjectiveRow]) -> [[Int]] {
    var positions: [Int: Int] = [:]
    var groups: [[Int]] = []
    for (index, input) in inputs.enumerated() {
      if let position = positions[input.group] {
        groups[position].append(index)
      } else {
        positions[input.group] = groups.count
        groups.append([index])
      }
    }
    return groups
  }
}

extension PreparedUpdate.Row {
  mutating func apply(_ filters: Set<AdvantageRule.Filter>, inUniformGroup: Bool) {
    let isCut = input.isTruncated
    if isCut && filters.contains(.truncatedAdvantages) { advantage = 0 }
    if inUniformGroup || (isCut && filters.contains(.truncatedRows)) {
      isKept = false
      advantage = 0
      sources = sources.map { _ in nil }
    }
  }
}

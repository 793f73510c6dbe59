import LuffyRollout

/// The temperatures at which the rows of a group are scored.
///
/// A rollout is scored at the one that it was drawn at. A trace was drawn by somebody else: it is scored as the
/// group's rollouts are, which must then agree.
package struct GroupTemperatures {
  private let place: String
  private let fallback: Float
  /// Of the policy's rollouts, ascending, each once.
  private let found: [Float]

  /// - Parameters:
  ///   - place: names the group in an error.
  ///   - fallback: of rollouts without a record, and of traces in a group without rollouts.
  package init(
    _ group: RolloutGroup, _ place: String = "the group", default fallback: Float
  ) throws(TrainerError) {
    self.place = place
    self.fallback = fallback
    for (index, rollout) in group.members.enumerated() {
      if let fault = rollout.sampling?.fault {
        throw .group("\(place), rollout \(index): the record of its sampling: \(fault)")
      }
    }
    let own = group.rollouts.filter { $0.source != .offPolicy }
    let now = own.filter { $0.source == .onPolicy }
    found = Set(
      (now.isEmpty ? own : now).map { $0.sampling?.scoringTemperature ?? fallback }
    ).sorted()
  }

  package func temperature(of rollout: Rollout) throws(TrainerError) -> Float {
    if let sampling = rollout.sampling { return sampling.scoringTemperature }
    if rollout.source != .offPolicy { return fallback }
    if found.count > 1 {
      throw .group(
        "\(place): its rollouts were drawn at temperatures "
          + found.map { "\($0)" }.joined(separator: " and ")
          + ", so there is none at which to score its traces: give each temperature a group of its own"
      )
    }
    return found.first ?? fallback
  }
}

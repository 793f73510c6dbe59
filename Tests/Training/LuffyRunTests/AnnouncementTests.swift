import LuffyRun
import LuffyVerifier
import Testing

/// A right trace that does not say its answer in the rewarded form gets a last line that does.
@Suite struct AnnouncementTests {
  @Test func onlyRightTracesWithoutAnAnnouncementChange() {
    let anchored = AnswerAnnouncement(.anchored)
    #expect(
      anchored.announcing("42", in: "17 + 25 = 42") == "17 + 25 = 42\nThe answer is \\boxed{42}.")
    #expect(anchored.announcing("42", in: "So 17 + 25 makes 42.\n#### 42") == nil)
    #expect(anchored.announcing("42", in: "The answer is 42.") == nil)
    #expect(anchored.announcing("42", in: "17 + 25 = 41") == nil)
    #expect(anchored.announcing("42", in: "\\boxed{41}, though it is 42") == nil)
    #expect(AnswerAnnouncement(.anywhere).announcing("42", in: "17 + 25 = 42") == nil)
    let boxed = AnswerAnnouncement(.boxed).announcing("1/2", in: "The answer is 0.5")
    #expect(boxed == "The answer is 0.5\nThe answer is \\boxed{1/2}.")
  }

  @Test func theRunSaysHowMany() {
    #expect(AnswerAnnouncement(.anchored).note(0, of: 3) == nil)
    #expect(AnswerAnnouncement(.anchored).note(2, of: 3)?.hasPrefix("2 of 3 traces") == true)
  }
}

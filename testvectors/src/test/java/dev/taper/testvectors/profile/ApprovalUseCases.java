package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Decision.allowed;
import static dev.taper.testvectors.profile.Statements.CALL;

import dev.taper.crypto.PrivateKey;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** How often approvals count, and which of them. */
final class ApprovalUseCases extends ActivationCases {
  ApprovalUseCases(Cases cases) {
    super(cases);
  }

  @Override
  void add() {
    addCounts();
    addFewest();
    addOwed();
  }

  private void addCounts() {
    Chain base = ifBoss();
    Said once = said(base).times(1);
    Beside single = Beside.of(base, once.by(Cast.BOSS));
    Beside longer = Beside.of(Story.own(base, "check if true;"), once.by(Cast.BOSS));
    Decision reused = counting("approval for one call", "approval_reused");
    with(reused, single, CALL, allowed());
    with(reused, single, CALL, refused("approval_used"));
    with(reused, longer, CALL, refused("approval_used")).addTo(cases);
    Beside twice = Beside.of(base, said(base).times(2).by(Cast.BOSS));
    Decision counted = counting("approval for two calls", "approval_reused");
    with(counted, twice, CALL, allowed());
    with(counted, twice, CALL, allowed());
    with(counted, twice, CALL, refused("approval_used")).addTo(cases);
    single(
        "approval for one call, where nobody counts",
        "approval_reused",
        single,
        refused("approval_not_counted"));
    Decision lasting = counting("a lasting approval spends none for one call", null);
    with(lasting, single.and(said(base).other().by(Cast.BOSS)), CALL, allowed());
    with(lasting, single, CALL, allowed()).addTo(cases);
    Decision none = counting("a call that needs none spends none", null);
    with(none, single, Story.SEARCH, allowed());
    with(none, single, CALL, allowed()).addTo(cases);
    String later = once.other().between(1, 900).by(Cast.BOSS);
    Decision earliest =
        counting("of two approvals for one call the earliest is spent", "approval_reused");
    with(earliest, Beside.of(base, later, once.by(Cast.BOSS)), CALL, allowed());
    with(earliest, single, CALL, refused("approval_used"));
    with(earliest, Beside.of(base, later), CALL, allowed());
    with(earliest, Beside.of(base, later, once.by(Cast.BOSS)), CALL, refused("approval_used"))
        .addTo(cases);
    Chain two = ifTwo();
    Beside half = Beside.of(two, said(two).times(1).by(Cast.BOSS));
    Decision few = counting("too few for one call spend none", null);
    with(few, half, CALL, refused("approval_required"));
    with(few, half.and(said(two).by(Cast.AUDITOR)), CALL, allowed()).addTo(cases);
  }

  private void addFewest() {
    Chain two = ifTwo();
    Said once = said(two).times(1);
    String boss = once.by(Cast.BOSS);
    String auditor = once.between(1, 900).by(Cast.AUDITOR);
    String lawyer = once.between(2, 900).by(Cast.LAWYER);
    Decision fewest = counting("as few approvals for one call are spent as will do", null);
    with(fewest, Beside.of(two, lawyer, boss, auditor), CALL, allowed());
    with(fewest, Beside.of(two, once.other().by(Cast.BOSS), lawyer), CALL, allowed());
    with(
            fewest,
            Beside.of(two, auditor, once.other().by(Cast.LAWYER)),
            CALL,
            refused("approval_used"))
        .addTo(cases);
    List<PrivateKey> byText =
        Stream.of(Cast.BOSS, Cast.AUDITOR, Cast.LAWYER)
            .sorted(Comparator.comparing(key -> key.publicKey().toString()))
            .toList();
    String last = once.by(byText.get(2));
    Decision tie = counting("of approvals of one time and id, the first keys' are spent", null);
    with(
        tie, Beside.of(two, last, once.by(byText.get(0)), once.by(byText.get(1))), CALL, allowed());
    with(tie, Beside.of(two, last, once.other().by(byText.get(0))), CALL, allowed()).addTo(cases);
    Decision beside = counting("none is spent of a key that has a lasting approval", null);
    with(beside, Beside.of(two, boss, said(two).other().by(Cast.BOSS), auditor), CALL, allowed());
    with(beside, Beside.of(two, boss, once.other().by(Cast.AUDITOR)), CALL, allowed()).addTo(cases);
  }

  /** Whose approvals are remembered. */
  private void addOwed() {
    String mallory = DELETE + " if approved by " + Cast.MALLORY.publicKey();
    Chain own =
        Story.granted(DELETE)
            .then(Story.block(null, "", mallory, null), Cast.PLANNER, Cast.PLANNER.publicKey(), 1);
    Beside ownApproved = Beside.of(own, said(own).times(1).by(Cast.MALLORY));
    Decision free = counting("what only the holder asks for is not claimed", null);
    with(free, ownApproved, CALL, allowed());
    with(free, ownApproved, CALL, allowed()).addTo(cases);
    Chain asked =
        ifBoss()
            .then(Story.block(null, "", mallory, null), Cast.PLANNER, Cast.PLANNER.publicKey(), 1);
    Beside both =
        Beside.of(
            asked,
            said(asked).times(1).other().by(Cast.MALLORY),
            said(asked).times(1).by(Cast.BOSS));
    Decision claimed =
        counting("what others ask for is claimed, whatever the holder adds", "approval_reused");
    with(claimed, both, CALL, allowed());
    with(claimed, both, CALL, refused("approval_used")).addTo(cases);
  }
}

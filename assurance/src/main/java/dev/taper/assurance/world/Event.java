package dev.taper.assurance.world;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Something that happened, as people and processes of the world saw it. Immutable. */
sealed interface Event {
  /** When, in milliseconds of true time since noon. */
  long at();

  /** What a verifier is cut off from. */
  String STORE = "store";

  /** What a verifier is cut off from. */
  String LISTS = "lists";

  /** What, in one line without the time. */
  String text();

  /**
   * A token was made.
   *
   * @param token its name
   * @param budgets the budgets that bound it, its own and those of all that it came from
   */
  record Minted(long at, String token, List<Limit> budgets) implements Event {
    @Override
    public String text() {
      return "token " + token + " is made" + (budgets.isEmpty() ? "" : " within " + budgets);
    }
  }

  /** At most so many calls under a budget. */
  record Limit(String budget, int calls) {
    @Override
    public String toString() {
      return budget + " of " + calls;
    }
  }

  /**
   * A verifier's process started.
   *
   * @param life which start it is
   * @param style how it remembers
   * @param ahead by how many milliseconds its clock is ahead
   * @param slow true if somebody sets that back again and again
   */
  record Started(long at, String verifier, int life, Style style, long ahead, boolean slow)
      implements Event {
    @Override
    public String text() {
      return verifier + " starts, life " + life + ", " + style.text() + clock(ahead);
    }
  }

  /** A verifier's process ended. */
  record Ended(long at, String verifier, int life, boolean crashed) implements Event {
    @Override
    public String text() {
      return verifier + (crashed ? " crashes" : " is stopped");
    }
  }

  /**
   * A verifier's clock was set.
   *
   * @param ahead by how many milliseconds it is ahead
   * @param slow true if it is set back again and again from now on
   */
  record ClockSet(long at, String verifier, long ahead, boolean slow) implements Event {
    @Override
    public String text() {
      return "somebody sets the clock of "
          + verifier
          + clock(ahead)
          + (slow ? ", again and again" : "");
    }
  }

  /** A verifier cannot reach something until then. */
  record Cut(long at, String verifier, String from, long until) implements Event {
    @Override
    public String text() {
      return verifier + " is cut off from the " + from + " until " + time(until);
    }
  }

  /** The store died. */
  record StoreDown(long at, long until) implements Event {
    @Override
    public String text() {
      return "the store crashes, until " + time(until);
    }
  }

  /** The store is back, without so many writes that it had answered. */
  record StoreUp(long at, int lost) implements Event {
    @Override
    public String text() {
      return "the store is back" + (lost == 0 ? "" : " without " + lost + " writes");
    }
  }

  /** A verifier took lists. */
  record Fetched(long at, String verifier, int life, long sequence) implements Event {
    @Override
    public String text() {
      return verifier + " takes lists number " + sequence;
    }
  }

  /** Tokens were revoked, and lists with that were published. */
  record Revoked(long at, String issuer, List<String> tokens, long sequence) implements Event {
    @Override
    public String text() {
      return issuer + " revokes " + String.join(", ", tokens) + ", in lists number " + sequence;
    }
  }

  /** The server of lists will have those of a backup. */
  record Restored(long at, long from, long until) implements Event {
    @Override
    public String text() {
      return "the server of lists has those of a backup from " + time(from) + " to " + time(until);
    }
  }

  /** An approval was given. */
  record Approved(long at, String approval, String token, int calls) implements Event {
    @Override
    public String text() {
      return "approval " + approval + " of " + calls + " calls is given for token " + token;
    }
  }

  /** What the caller read. */
  enum Answer {
    ALLOWED,
    DENIED,
    /** None came, as the verifier died. */
    NONE;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A call was answered, or its verifier died.
   *
   * @param at when it was over
   * @param from when it came
   * @param proof the name of its proof
   * @param provenAt when the proof says that it was made, in milliseconds since noon
   * @param approvals the names of the approvals beside it
   * @param code why it was denied; null if it was not
   * @param alone true if the verifier says that it did not ask the store about the proof
   * @param entered true if the call's handler was entered
   * @param givenBack true if the service gave back what the call took
   */
  record Called(
      long at,
      long from,
      String verifier,
      int life,
      String proof,
      long provenAt,
      String token,
      List<String> approvals,
      Answer answer,
      @Nullable String code,
      boolean alone,
      boolean entered,
      boolean givenBack)
      implements Event {
    boolean allowed() {
      return answer == Answer.ALLOWED;
    }

    @Override
    public String text() {
      return verifier
          + " is called with proof "
          + proof
          + " and token "
          + token
          + (approvals.isEmpty() ? "" : " and approval " + String.join(", ", approvals))
          + ": "
          + (code == null ? answer.text() : code)
          + (alone ? ", alone" : "")
          + (allowed() && !entered ? ", not entered" : "")
          + (givenBack ? ", given back" : "");
    }
  }

  /** How a verifier remembers. */
  enum Style {
    /** Asks the store once for all that a call takes. */
    JOINED,
    /** Asks the store for each memory by itself. */
    SEPARATE,
    /** Takes leases of budgets. */
    LEASING,
    /** Goes on alone with proofs while the store does not answer. */
    ALONE,
    /** Remembers proofs by itself, and counts budgets and approvals in the store. */
    OWN;

    /** False if a call may be allowed without asking anybody about its proof. */
    boolean asksOthersAlways() {
      return this != ALONE && this != OWN;
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static String clock(long ahead) {
    return ahead == 0
        ? ", on time"
        : ", " + Math.abs(ahead) + (ahead < 0 ? " ms behind" : " ms ahead");
  }

  /** A time of day. */
  static String time(long millis) {
    return WorldTime.NOON.plusMillis(millis).toString().substring(11);
  }
}

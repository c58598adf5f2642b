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
   * @param by who made it
   * @param key the name of the root key that it rests on
   * @param until when it ends, in milliseconds since noon
   * @param asks true if a block of it asks whether the service knows a fact of its own
   */
  record Minted(
      long at, String token, List<Limit> budgets, String by, String key, long until, boolean asks)
      implements Event {
    @Override
    public String text() {
      return by
          + " makes token "
          + token
          + " by key "
          + key
          + " until "
          + time(until)
          + (asks ? ", which asks for a fact of the service" : "")
          + (budgets.isEmpty() ? "" : ", within " + budgets);
    }
  }

  /** A root key is trusted from a list on. */
  record KeyAdded(long at, String key, int list) implements Event {
    @Override
    public String text() {
      return "root key " + key + " is added, in list of keys number " + list;
    }
  }

  /** A root key is not trusted from a list on. */
  record KeyRetired(long at, String key, int list) implements Event {
    @Override
    public String text() {
      return "root key " + key + " is retired, in list of keys number " + list;
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
  record Ended(long at, String verifier, int life, How how) implements Event {
    @Override
    public String text() {
      return verifier + " " + how.text;
    }
  }

  /** How a process ended. */
  enum How {
    STOPPED("is stopped"),
    CRASHED("crashes"),
    /** Over a record of which it wrote a part. */
    TORN("crashes while it writes a record"),
    /** With its machine. */
    POWER_LOST("ends, as its machine loses its power");

    private final String text;

    How(String text) {
      this.text = text;
    }

    /** What it is counted as. */
    String fault() {
      return switch (this) {
        case STOPPED -> "verifiers stopped";
        case CRASHED -> "verifiers crashed";
        case TORN -> "writes torn";
        case POWER_LOST -> "machines without power";
      };
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

  /** The disk of a verifier's machine has no room until then. */
  record DiskFull(long at, String verifier, long until) implements Event {
    @Override
    public String text() {
      return "the disk of " + verifier + " is full until " + time(until);
    }
  }

  /** A verifier did not start, as it could not go on with its log. */
  record LogRefused(long at, String verifier, String code) implements Event {
    @Override
    public String text() {
      return verifier + " does not start: " + code;
    }
  }

  /**
   * What a record says of a call.
   *
   * @param id the call's name
   * @param allowed true if it was allowed
   */
  record Entry(String id, boolean allowed) {}

  /**
   * Somebody read a verifier's log, after the power of its machine was gone.
   *
   * @param entries the records that name their calls, in their order
   * @param flaw what is wrong with the log; null if nothing is
   */
  record LogRead(long at, String verifier, List<Entry> entries, @Nullable String flaw)
      implements Event {
    public LogRead {
      entries = List.copyOf(entries);
    }

    @Override
    public String text() {
      return "the log of "
          + verifier
          + " is read after a loss of power: "
          + entries.size()
          + " calls"
          + (flaw == null ? "" : ", " + flaw);
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

  /**
   * A verifier took lists.
   *
   * @param sequence the number of the lists of what is revoked
   * @param approvers the number of the list of approvers
   * @param keys the number of the list of root keys
   */
  record Fetched(long at, String verifier, int life, long sequence, int approvers, int keys)
      implements Event {
    @Override
    public String text() {
      return verifier
          + " takes lists number "
          + sequence
          + ", of approvers number "
          + approvers
          + ", of keys number "
          + keys;
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

  /**
   * A holder asked for the approval of a call.
   *
   * @param ask its name
   * @param needed how many have to approve
   * @param approver the only one who counts; null if those count who are in the group
   * @param harmful true if nobody approves it who sees it whole
   */
  record Asked(
      long at, String ask, String token, int needed, @Nullable String approver, boolean harmful)
      implements Event {
    @Override
    public String text() {
      return "call "
          + ask
          + (harmful ? ", which does harm," : "")
          + " with token "
          + token
          + " waits for "
          + (approver == null ? needed + " of the group" : approver);
    }
  }

  /**
   * An approval was given.
   *
   * @param approval its name
   * @param ask the call that it is for
   * @param from when it begins, by the approver's clock, in milliseconds since noon
   * @param until when it ends
   * @param calls for how many calls it is; 0 for any number
   */
  record Approved(
      long at, String approval, String ask, String person, long from, long until, int calls)
      implements Event {
    @Override
    public String text() {
      return person
          + " approves call "
          + ask
          + " by approval "
          + approval
          + (calls == 0 ? "" : " of " + calls + " calls")
          + " from "
          + time(from)
          + " to "
          + time(until);
    }
  }

  /** Somebody did not approve a call. */
  record Refused(long at, String ask, String person) implements Event {
    @Override
    public String text() {
      return person + " refuses call " + ask;
    }
  }

  /**
   * Somebody is no longer in the group of approvers.
   *
   * @param list the number of the first list without that person
   */
  record Retired(long at, String person, int list) implements Event {
    @Override
    public String text() {
      return person + " leaves the group, in list of approvers number " + list;
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
   * @param ask the name of the ask whose call it is; null if it needs no approval
   * @param approvals the names of the approvals beside it
   * @param counted the names of those that the verifier says it rests on
   * @param code why it was denied; null if it was not
   * @param alone true if the verifier says that it did not ask the store about the proof
   * @param recorded what the record says that the verifier's log acknowledged; null if none was
   *     that names the call
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
      @Nullable String ask,
      List<String> approvals,
      List<String> counted,
      Answer answer,
      @Nullable String code,
      boolean alone,
      @Nullable Entry recorded,
      boolean entered,
      boolean givenBack)
      implements Event {
    /** True if it was let through, also where nobody heard of it as the verifier died meanwhile. */
    boolean allowed() {
      return answer == Answer.ALLOWED || entered;
    }

    @Override
    public String text() {
      return verifier
          + " is called with proof "
          + proof
          + " and token "
          + token
          + (ask == null ? "" : " for call " + ask)
          + (approvals.isEmpty() ? "" : " and approval " + String.join(", ", approvals))
          + ": "
          + (code == null ? answer.text() : code)
          + (alone ? ", alone" : "")
          + (allowed() && !entered ? ", not entered" : "")
          + (answer == Answer.NONE && entered ? ", entered" : "")
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

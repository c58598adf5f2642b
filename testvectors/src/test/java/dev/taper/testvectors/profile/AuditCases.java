package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.agent.call.ToolCall;
import dev.taper.crypto.PrivateKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Logs that are intact, and logs that somebody tampered with. */
final class AuditCases {
  private static final String NO_PREVIOUS = "0".repeat(64);
  private static final String DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  private final Cases cases =
      new Cases(
          "audit",
          "Logs, and what a verifier that trusts these keys finds (docs/profile.md, section 14):"
              + " how many records and checkpoints are good and which is the last, or the kind of"
              + " the first flaw and the number of the record that it is about. head is that of a"
              + " record, kept elsewhere.");

  private AuditCases() {}

  static JsonNode file() {
    AuditCases all = new AuditCases();
    all.addGood();
    all.addTampered();
    all.addMalformed();
    all.addSignatures();
    all.addTexts();
    all.addFiles();
    all.addKeys();
    all.addDeciding();
    return all.cases.file();
  }

  /** A record without its number and the hash before it: members up to kind, and from seq on. */
  private record Content(String before, String behind) {
    String at(long sequence, String previous) {
      return "{"
          + before
          + ",\"prev\":\""
          + previous
          + "\",\"seq\":"
          + sequence
          + ","
          + behind
          + "}";
    }
  }

  private static Content open() {
    return new Content(
        "\"kind\":\"open\",\"log\":\"000102030405060708090a0b0c0d0e0f\"",
        time("12:00:00") + ",\"v\":2");
  }

  private static String time(String time) {
    return "\"time\":\"2030-01-01T" + time + "Z\"";
  }

  private static Content revoked(String id) {
    return new Content(
        "\"by\":\"user:alice@acme.com\",\"kind\":\"revoke\"",
        "\"subject\":{\"id\":\""
            + id
            + "\",\"reason\":\"left\",\"type\":\"holder\"},"
            + time("12:00:01.250")
            + ",\"v\":2");
  }

  private static Content decided(@Nullable String code) {
    byte[] block = Messages.sha256(Story.planner().step(0).block().signature());
    byte[] fingerprint =
        RevocationLists.fingerprint(1, Story.planner().step(0).block().signature());
    byte[] arguments = ToolCall.parse(Story.SEARCH).argumentsDigest();
    String hop =
        "{\"block\":0,\"by\":\"user:alice@acme.com\",\"digest\":\""
            + Json.hex(block)
            + "\",\"fingerprint\":\""
            + Json.hex(fingerprint)
            + "\",\"granted\":\"jira.*\",\"holder\":\"agent:planner\",\"key\":\""
            + Cast.PLANNER.publicKey()
            + "\",\"mode\":\"authority\",\"until\":\"2030-01-01T13:00:00Z\"}";
    String basis =
        (code == null ? "{" : "{\"code\":\"" + code + "\",\"failing_hop\":0,")
            + "\"policy\":\""
            + Json.hex(Messages.sha256(new byte[0]))
            + "\",\"presented\":\"held\",\"proof_key\":\""
            + Cast.PLANNER.publicKey()
            + "\",\"revocation_age_ms\":1000,\"revocation_seq\":7,\"root_key\":\""
            + Cast.ROOT.publicKey()
            + "\"}";
    return new Content(
        "\"basis\":"
            + basis
            + ",\"call\":{\"args\":\""
            + Json.hex(arguments)
            + "\",\"audience\":\"svc:jira\",\"operation\":\"read\","
            + "\"resource\":\"jira:project/ACME/Q3/12\",\"tool\":\"jira.search\"},"
            + "\"delegator\":\"user:alice@acme.com\",\"hops\":["
            + hop
            + "],\"kind\":\""
            + (code == null ? "allow" : "deny")
            + "\"",
        "\"task\":\"T-4711\",\"task_purpose\":\"triage\","
            + time("12:00:02")
            + ",\"token\":\""
            + Json.hex(block)
            + "\",\"v\":2");
  }

  /** A denial of a call that went ahead, of which a catalog said what it means. */
  private static Content observed(String mode) {
    Content denied = decided("out_of_scope");
    String catalog = Json.hex(Messages.sha256(new byte[] {4}));
    return new Content(
        denied
            .before()
            .replace("{\"code\"", "{\"catalog\":\"" + catalog + "\",\"code\"")
            .replace("\"policy\"", "\"mode\":\"" + mode + "\",\"policy\""),
        denied.behind());
  }

  /** A denial of a call that nobody proved to make, behind others like it. */
  private static Content brief(String omitted) {
    byte[] block = Messages.sha256(Story.planner().step(0).block().signature());
    return new Content(
        "\"basis\":{\"code\":\"proof_required\","
            + omitted
            + "\"policy\":\""
            + Json.hex(Messages.sha256(new byte[0]))
            + "\",\"presented\":\"held\",\"root_key\":\""
            + Cast.ROOT.publicKey()
            + "\"},\"call\":{\"audience\":\"svc:jira\",\"tool\":\"jira.search\"},\"kind\":\"deny\"",
        "\"task\":\"T-4711\","
            + time("12:00:02")
            + ",\"token\":\""
            + Json.hex(block)
            + "\",\"v\":2");
  }

  private static String hash(String line) {
    byte[] tag = Messages.join(Messages.tag("TAPER"), Messages.suffix("AUDIT"));
    return Json.hex(Messages.sha256(tag, line.getBytes(StandardCharsets.UTF_8)));
  }

  private static String last(List<String> lines) {
    return lines.isEmpty() ? NO_PREVIOUS : hash(lines.get(lines.size() - 1));
  }

  private static void add(List<String> lines, Content content) {
    lines.add(content.at(lines.size(), last(lines)));
  }

  private static void checkpoint(List<String> lines, PrivateKey key) {
    checkpoint(lines, key, "");
  }

  /** Adds a checkpoint, with a member behind its kind. */
  private static void checkpoint(List<String> lines, PrivateKey key, String next) {
    String before = "\"key\":\"" + key.publicKey() + "\",\"kind\":\"checkpoint\"" + next;
    String behind = time("12:00:03") + ",\"v\":2";
    String unsigned = new Content(before, behind).at(lines.size(), last(lines));
    byte[] tag = Messages.join(Messages.tag("TAPER"), Messages.suffix("CHECKPOINT"));
    byte[] message = Messages.join(tag, unsigned.getBytes(StandardCharsets.UTF_8));
    String signed = "\"sig\":\"" + Messages.base64(key.sign(message)) + "\"," + behind;
    lines.add(new Content(before, signed).at(lines.size(), last(lines)));
  }

  /** A log of six records, the last but one a checkpoint. */
  private static List<String> log() {
    return log(decided("out_of_scope"));
  }

  private static List<String> log(Content third) {
    List<String> lines = new ArrayList<>();
    add(lines, open());
    add(lines, revoked("agent:old"));
    add(lines, third);
    add(lines, decided(null));
    checkpoint(lines, Cast.LOG);
    add(lines, revoked("agent:older"));
    return lines;
  }

  private void add(
      String name, @Nullable String attack, String log, @Nullable String head, ObjectNode expect) {
    cases.add(
        name,
        attack,
        "keys",
        List.of(Cast.LOG.publicKey().toString()),
        "head",
        head,
        "log",
        log,
        "expect",
        expect);
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }

  private static ObjectNode intact(List<String> lines, int checkpoints) {
    return Cases.ok(
        Json.object(
            "records",
            lines.size(),
            "checkpoints",
            checkpoints,
            "head",
            lines.size() - 1 + ":" + last(lines)));
  }

  private void addGood() {
    List<String> lines = log();
    add("an intact log", null, text(lines), null, intact(lines, 1));
    add("an intact log, with its head", null, text(lines), "5:" + last(lines), intact(lines, 1));
    List<String> brief = log(brief("\"omitted\":999,"));
    add("a denial in short, behind others", null, text(brief), null, intact(brief, 1));
    List<String> wrong = log(brief("\"omitted\":-1,"));
    add("a negative number of others", null, text(wrong), null, flaw("malformed", 2));
    Content denied = decided("approval_required");
    List<String> ask =
        log(
            new Content(
                denied.before().replace("\"kind\":\"deny\"", "\"kind\":\"ask\""), denied.behind()));
    add("an ask, which is no denial", null, text(ask), null, intact(ask, 1));
    List<String> observed = log(observed("observed"));
    add(
        "a denial that was only observed, by a catalog",
        null,
        text(observed),
        null,
        intact(observed, 1));
    List<String> alone = log(observed("alone"));
    add("a proof that one verifier took alone", null, text(alone), null, intact(alone, 1));
    add("another mode", null, text(log(observed("tried"))), null, flaw("malformed", 2));
    add("an earlier head", null, text(lines), "1:" + hash(lines.get(1)), intact(lines, 1));
    List<String> first = lines.subList(0, 1);
    add("a log that has just begun", null, text(first), null, intact(first, 0));
    List<String> recovered = new ArrayList<>(first);
    String dropped = Json.hex(Messages.sha256(new byte[] {'{'}));
    add(
        recovered,
        new Content(
            "\"bytes\":1,\"digest\":\"" + dropped + "\",\"kind\":\"recover\"",
            time("12:00:01") + ",\"v\":2"));
    checkpoint(recovered, Cast.LOG);
    checkpoint(recovered, Cast.LOG);
    add("a log that a crash cut off", null, text(recovered), null, intact(recovered, 2));
  }

  private static ObjectNode flaw(String kind, int record) {
    return Json.object("code", kind, "record", record);
  }

  private void addTampered() {
    List<String> edited = log();
    edited.set(1, edited.get(1).replace("agent:old", "agent:new"));
    add("a record edited", "record_edited", text(edited), null, flaw("edited", 1));
    List<String> start = log();
    start.set(0, start.get(0).replace("12:00:00", "11:00:00"));
    add("the first record edited", "record_edited", text(start), null, flaw("edited", 0));
    List<String> removed = log();
    removed.remove(2);
    add("a record removed", "record_removed", text(removed), null, flaw("removed", 2));
    List<String> beginning = log();
    beginning.remove(0);
    add("the first record removed", "record_removed", text(beginning), null, flaw("removed", 0));
    List<String> inserted = log();
    inserted.add(2, inserted.get(1));
    add("a record twice", "record_inserted", text(inserted), null, flaw("inserted", 1));
    List<String> reordered = log();
    reordered.add(3, reordered.remove(1));
    add("a record moved", "record_reordered", text(reordered), null, flaw("reordered", 1));
    List<String> anew = log(decided(null));
    List<String> checkpointed = new ArrayList<>(anew.subList(0, 4));
    String previous = last(checkpointed);
    checkpointed.add(
        log().get(4).replaceAll("\"prev\":\"[0-9a-f]*\"", "\"prev\":\"" + previous + "\""));
    add(
        "chained anew, with the old checkpoint",
        "log_chained_anew",
        text(checkpointed),
        null,
        flaw("forged", 4));
    List<String> own = new ArrayList<>(anew.subList(0, 4));
    checkpoint(own, Cast.MALLORY);
    add(
        "chained anew, with a checkpoint of one's own",
        "log_chained_anew",
        text(own),
        null,
        flaw("untrusted", 4));
    List<String> unsigned = new ArrayList<>(anew.subList(0, 4));
    checkpoint(unsigned, Cast.MALLORY);
    unsigned.set(4, unsigned.get(4).replace("12:00:03", "12:00:04"));
    add(
        "a checkpoint by another key, with a signature that is not good",
        "log_chained_anew",
        text(unsigned),
        null,
        flaw("forged", 4));
    add(
        "chained anew behind a head",
        "log_chained_anew",
        text(anew),
        "3:" + hash(log().get(3)),
        flaw("rewritten", 3));
    List<String> cut = log().subList(0, 5);
    add("cut behind a checkpoint", "log_cut", text(cut), "5:" + last(log()), flaw("truncated", 5));
    add(
        "cut in the middle of a record",
        "log_cut",
        text(log()).substring(0, text(log()).length() - 9),
        null,
        flaw("torn", 5));
    add("an empty log", "log_cut", "", null, flaw("truncated", 0));
    List<String> second = log();
    second.set(5, open().at(5, hash(second.get(4))));
    add("a log that opens again", "record_inserted", text(second), null, flaw("inserted", 5));
    List<String> other = new ArrayList<>();
    add(other, revoked("agent:old"));
    add("a log that does not open", "record_inserted", text(other), null, flaw("inserted", 0));
  }

  private void malformed(String name, String from, String to) {
    List<String> lines = log();
    String line = lines.get(3);
    if (!line.contains(from)) {
      throw new IllegalStateException(name);
    }
    lines.set(3, line.replace(from, to));
    add(name, null, text(lines), null, flaw("malformed", 3));
  }

  /** A log whose second record has a text of so many UTF-16 code units as one of its members. */
  private static List<String> withText(String member, String text) {
    List<String> lines = new ArrayList<>();
    add(lines, open());
    String old =
        member.equals("id") ? "agent:old" : member.equals("by") ? "user:alice@acme.com" : "left";
    Content content = revoked("agent:old");
    add(
        lines,
        new Content(content.before().replace(old, text), content.behind().replace(old, text)));
    return lines;
  }

  private void addTexts() {
    for (String member : List.of("id", "by", "reason")) {
      int most = member.equals("reason") ? 2048 : 4096;
      List<String> longest = withText(member, "\ud83d\ude00".repeat(most / 2));
      add(member + " of " + most + " code units", null, text(longest), null, intact(longest, 0));
      String tooLong = text(withText(member, "x".repeat(most + 1)));
      add(member + " of " + (most + 1) + " code units", null, tooLong, null, flaw("malformed", 1));
    }
  }

  private void addMalformed() {
    malformed("a space in a record", "\"seq\":3", "\"seq\": 3");
    malformed(
        "members in another order",
        "\"seq\":3,\"task\":\"T-4711\"",
        "\"task\":\"T-4711\",\"seq\":3");
    malformed("a member that is unknown", "\"v\":2", "\"v\":2,\"w\":1");
    malformed("a member twice", "\"v\":2", "\"v\":2,\"v\":2");
    malformed("version 1", "\"v\":2", "\"v\":1");
    malformed("an escape that need not be", "T-4711", "\\u0054-4711");
    malformed("a number in another form", "\"seq\":3", "\"seq\":3.0");
    malformed("a time in another zone", "12:00:02Z", "12:00:02+00:00");
    malformed("a time with zeros", "12:00:02Z", "12:00:02.000Z");
    malformed("an unknown kind", "\"kind\":\"allow\"", "\"kind\":\"allowed\"");
    malformed("a digest in upper case", "\"args\":\"", "\"args\":\"A");
    malformed("no tool", ",\"tool\":\"jira.search\"", "");
    malformed("an array of nothing", "\"policy\"", "\"justified\":[],\"policy\"");
    malformed(
        "an end in another form",
        "\"until\":\"2030-01-01T13:00:00Z\"",
        "\"until\":\"2030-01-01T13:00Z\"");
    malformed("not JSON", "{\"basis\"", "\"basis\"");
  }

  /** Checkpoints whose signature has another spelling, or none. */
  private void addSignatures() {
    String good = log().get(4).replaceAll(".*\"sig\":\"([^\"]*)\".*", "$1");
    int last = DIGITS.indexOf(good.charAt(good.length() - 1));
    String stray = good.substring(0, good.length() - 1) + DIGITS.charAt(last + 1);
    signature("a signature with padding", good, good + "==");
    signature("a signature with stray bits behind it", good, stray);
    signature("a signature in another alphabet", good, good.replace('-', '+').replace('_', '/'));
    signature("a signature of no bytes", good, "");
    signature("a signature of 4098 code units", good, "A".repeat(4098));
  }

  private void signature(String name, String good, String other) {
    List<String> lines = log();
    if (good.equals(other)) {
      throw new IllegalStateException(name);
    }
    lines.set(4, lines.get(4).replace(good, other));
    add(name, null, text(lines), null, flaw("malformed", 4));
  }

  /** A record of one key of the log about another. */
  private static Content key(PrivateKey by, PrivateKey key, String decision) {
    return new Content(
        "\"by\":\"" + by.publicKey() + "\",\"kind\":\"rotate\"",
        "\"subject\":{\"decision\":\""
            + decision
            + "\",\"id\":\""
            + key.publicKey()
            + "\",\"type\":\"audit_key\"},"
            + time("12:00:03")
            + ",\"v\":2");
  }

  /** A log whose key was replaced. */
  private static List<String> handedOver(String decision) {
    List<String> lines = log();
    add(lines, key(Cast.LOG, Cast.LOG_2, "added"));
    checkpoint(lines, Cast.LOG);
    add(lines, key(Cast.LOG_2, Cast.LOG, decision));
    checkpoint(lines, Cast.LOG_2);
    return lines;
  }

  private void addOfTwoKeys(
      String name, @Nullable String attack, List<String> lines, ObjectNode expect) {
    List<String> keys = List.of(Cast.LOG.publicKey().toString(), Cast.LOG_2.publicKey().toString());
    cases.add(name, attack, "keys", keys, "head", null, "log", text(lines), "expect", expect);
  }

  private void addKeys() {
    List<String> next = handedOver("retired");
    addOfTwoKeys("a log whose key was replaced", null, next, intact(next, 3));
    List<String> old = handedOver("retired");
    add(old, revoked("agent:new"));
    checkpoint(old, Cast.LOG);
    addOfTwoKeys(
        "a checkpoint by a key that was replaced", "retired_key", old, flaw("retired", 11));
    List<String> both = handedOver("added");
    checkpoint(both, Cast.LOG);
    addOfTwoKeys("a log that two keys sign", null, both, intact(both, 4));
  }

  private static Content openFile(String number, String log) {
    return new Content(
        "\"file\":" + number + ",\"kind\":\"open\",\"log\":\"" + log + "\"",
        time("12:00:04") + ",\"v\":2");
  }

  private static final String LOG = "000102030405060708090a0b0c0d0e0f";

  /** The first file of a log, to its last record. */
  private static List<String> firstFile() {
    List<String> lines = new ArrayList<>();
    add(lines, open());
    add(lines, revoked("agent:old"));
    checkpoint(lines, Cast.LOG, ",\"next\":2");
    return lines;
  }

  private static List<String> twoFiles(Content second) {
    List<String> lines = firstFile();
    add(lines, second);
    add(lines, revoked("agent:older"));
    checkpoint(lines, Cast.LOG);
    return lines;
  }

  private void addFiles() {
    List<String> two = twoFiles(openFile("2", LOG));
    add("a log in two files", null, text(two), null, intact(two, 2));
    add("a file that goes on nowhere", "file_removed", text(firstFile()), null, flaw("missing", 3));
    List<String> second = two.subList(3, two.size());
    add("a log without its first file", "file_removed", text(second), null, flaw("missing", 0));
    List<String> three = new ArrayList<>(two.subList(0, 5));
    checkpoint(three, Cast.LOG, ",\"next\":3");
    add(three, openFile("3", LOG));
    add("a log in three files", null, text(three), null, intact(three, 2));
    three.subList(3, 6).clear();
    add("a file removed between two", "file_removed", text(three), null, flaw("missing", 3));
    List<String> other = twoFiles(openFile("2", LOG.replace('0', '1')));
    add("a file of another log", "file_swapped", text(other), null, flaw("inserted", 3));
    List<String> number = twoFiles(openFile("3", LOG));
    add("a file with another number", "file_swapped", text(number), null, flaw("inserted", 3));
    List<String> behind = twoFiles(revoked("agent:new"));
    add(
        "a record behind the last of a file",
        "record_inserted",
        text(behind),
        null,
        flaw("inserted", 3));
    List<String> unannounced = new ArrayList<>(log().subList(0, 5));
    add(unannounced, openFile("2", LOG));
    add(
        "a file that no other names",
        "record_inserted",
        text(unannounced),
        null,
        flaw("inserted", 5));
    List<String> first = twoFiles(openFile("1", LOG));
    add("the number of the first file", null, text(first), null, flaw("malformed", 3));
    List<String> next = new ArrayList<>(firstFile().subList(0, 2));
    checkpoint(next, Cast.LOG, ",\"next\":1");
    add("a log that goes on in its first file", null, text(next), null, flaw("malformed", 2));
  }

  /** A record with what decided, and with arguments that the service chose to record. */
  private static List<String> deciding(String decider, String recorded) {
    Content denied = decided("out_of_scope");
    return log(
        new Content(
            denied
                .before()
                .replace("\"failing_hop\"", "\"decided_by\":" + decider + ",\"failing_hop\"")
                .replace("\"resource\"", recorded + "\"resource\""),
            denied.behind()));
  }

  private void addDeciding() {
    for (String decider :
        List.of(
            "{\"block\":0,\"check\":1}",
            "{\"check\":0,\"part\":\"read-only\"}",
            "{\"part\":\"default\",\"policy\":3}",
            "{\"policy\":0}")) {
      List<String> lines = deciding(decider, "");
      add("decided by " + decider, null, text(lines), null, intact(lines, 1));
    }
    for (String decider :
        List.of("{}", "{\"check\":0,\"policy\":0}", "{\"policy\":-1}", "\"policy\"")) {
      List<String> lines = deciding(decider, "");
      add("not decided by " + decider, null, text(lines), null, flaw("malformed", 2));
    }
    String json = "\\\"ACME-12\\\"";
    List<String> recorded =
        deciding("{\"policy\":0}", "\"recorded\":{\"id\":\"" + json + "\",\"n\":\"12\"},");
    add("arguments that are recorded", null, text(recorded), null, intact(recorded, 1));
    List<String> nothing = deciding("{\"policy\":0}", "\"recorded\":{},");
    add("no argument that is recorded", null, text(nothing), null, flaw("malformed", 2));
    String most = "x".repeat(256);
    List<String> longest = deciding("{\"policy\":0}", "\"recorded\":{\"id\":\"" + most + "\"},");
    add("an argument of 256 code units", null, text(longest), null, intact(longest, 1));
    List<String> longer = deciding("{\"policy\":0}", "\"recorded\":{\"id\":\"" + most + "x\"},");
    add("an argument of 257 code units", null, text(longer), null, flaw("malformed", 2));
  }
}

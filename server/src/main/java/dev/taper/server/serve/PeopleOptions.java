package dev.taper.server.serve;

import dev.taper.operations.OperationException;
import dev.taper.server.console.people.SignedInPeople;
import dev.taper.server.issuer.TokenIssuer;
import dev.taper.server.issuer.confirm.ConfirmPages;
import dev.taper.server.issuer.enrol.Enrolling;
import dev.taper.server.issuer.enrol.EnrolmentBook;
import dev.taper.server.issuer.enrol.EnrolmentEndpoint;
import dev.taper.server.issuer.enrol.PublishedNames;
import dev.taper.server.issuer.enrol.WorkloadText;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.signin.SignIn;
import dev.taper.server.signin.SignInFile;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The people of an issuer or a console, and an issuer's agents: who signs in, who is enrolled. */
final class PeopleOptions {
  @Option(
      names = "--sign-in",
      paramLabel = "FILE",
      description =
          "How people sign in: those who consent and enrol agents at an issuer's /confirm, which"
              + " takes --enrolments too; those who use the console.")
  @Nullable Path signIn;

  @Option(
      names = "--enrolments",
      paramLabel = "FILE",
      description = "For the issuer: where the agents are kept that enrol; made if there is none.")
  @Nullable Path enrolments;

  @Option(
      names = "--workloads",
      paramLabel = "FILE",
      description = "For the issuer: which workloads enrol by tokens of their own.")
  @Nullable Path workloads;

  @Option(
      names = "--publish-names",
      paramLabel = "FILE",
      description =
          "For the issuer: the signed file of names to publish at /.well-known/taper-agents.")
  @Nullable Path names;

  /** True if one of an issuer's alone was given. */
  boolean isForAgents() {
    return enrolments != null || workloads != null || names != null;
  }

  /** The people of a console; null if nobody signs in. */
  @Nullable SignedInPeople signingIn(Clock clock) {
    if (signIn == null) {
      return null;
    }
    SignInFile file = SignInFile.read(signIn);
    return new SignedInPeople(file.open("/", clock), file.names());
  }

  /**
   * The agents that enrolled; null if none can.
   *
   * @throws OperationException if the options do not fit together, or the file cannot be read
   */
  @Nullable EnrolmentBook book(Clock clock) {
    if (enrolments == null) {
      if (signIn != null || workloads != null) {
        throw OperationException.usage(
            "--sign-in and --workloads need --enrolments: where agents are kept");
      }
      return null;
    }
    return EnrolmentBook.open(enrolments, clock);
  }

  /**
   * What is answered for them.
   *
   * @throws OperationException or {@link dev.taper.TaperException} if a file is wrong
   */
  List<Endpoint> endpoints(TokenIssuer issuer, @Nullable EnrolmentBook book, Clock clock) {
    List<Endpoint> endpoints = new ArrayList<>();
    if (names != null) {
      endpoints.add(PublishedNames.of(names, clock));
    }
    if (book != null) {
      book.leaveAlone(issuer.agents());
      Enrolling enrolling =
          new Enrolling(
              issuer.issuer(),
              book,
              workloads == null ? List.of() : WorkloadText.load(workloads),
              clock);
      endpoints.add(new EnrolmentEndpoint(enrolling));
      if (signIn != null) {
        SignIn people = SignInFile.read(signIn).open(ConfirmPages.PATH, clock);
        endpoints.add(people);
        endpoints.add(new ConfirmPages(people, issuer.pending(), enrolling.codes(), clock));
      }
    }
    return endpoints;
  }
}

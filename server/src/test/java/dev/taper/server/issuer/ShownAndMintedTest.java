package dev.taper.server.issuer;

import static dev.taper.server.issuer.IssuerWorld.ALICE;
import static dev.taper.server.issuer.IssuerWorld.DETAILS;
import static dev.taper.server.issuer.IssuerWorld.details;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.grant.Budget;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.integrations.http.RefusedException;
import dev.taper.server.oidc.Identity;
import dev.taper.server.oidc.Subject;
import dev.taper.store.registry.RegistryQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is minted is what a person was shown, and what can be used once is used up before anything
 * is recorded of it.
 */
class ShownAndMintedTest extends IssuerTests {
  /** Engineers need an approval for what leads get without one. */
  private static final String BY_ROLE =
      """
      trusting previous;
      allow if tool("taper.grant"), arg("roles", $roles), $roles.contains("lead");
      allow if
        tool("taper.grant"), arg("roles", $roles), $roles.contains("engineer"),
        arg("approved_by", "leads");
      """;

  /** People who are somebody else a moment later. */
  private static final class Changing implements People {
    private final People people;
    private volatile UnaryOperator<Person> change = UnaryOperator.identity();

    Changing(People people) {
      this.people = people;
    }

    @Override
    public @Nullable Person of(Identity identity) {
      Person person = people.of(identity);
      return person == null ? null : change.apply(person);
    }

    @Override
    public void seen(Identity identity) {
      people.seen(identity);
    }

    @Override
    public @Nullable Person again(String delegator) {
      return people.again(delegator);
    }
  }

  private Subject alice() {
    return new Subject(world.provider.issuer, "alice-1");
  }

  private String tokenOfAnother() {
    return world.provider.token(claims -> claims.claim("azp", "portal"));
  }

  /** Asks, and gives what its person is shown. */
  private PendingExchange waits(TokenIssuer by, String token, String details) {
    ExchangeException refusal =
        catchThrowableOfType(
            ExchangeException.class,
            () -> by.exchange(world.request(world.planner, token, details)));
    assertThat(refusal).isNotNull();
    assertThat(refusal.code()).isEqualTo("consent_required");
    return Objects.requireNonNull(
        by.pending().find(Objects.requireNonNull(refusal.confirmation()), alice()));
  }

  private List<String> minted() {
    return world.records().stream().filter(one -> one.contains("\"kind\":\"mint\"")).toList();
  }

  private void assertMintedAndRegistered(int times) {
    assertThat(minted()).hasSize(times);
    assertThat(world.registry.find(RegistryQuery.living())).hasSize(times);
  }

  // What the person saw.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "read | ''",
        "read | ,\"purpose\":\"weekly \\u202e report\"",
        "read | ,\"grants\":[\"jira.search read on jira:project/ACME/7\"],\"max_depth\":0",
        "read | ,\"expires_in\":90,\"audience\":[\"svc:wiki\"]",
        "close | ''",
        "close | ,\"grants\":[\"jira.close where x = 1\"],\"max_depth\":64",
        "once | ,\"audience\":[\"svc:any\"]",
        "careful | ,\"expires_in\":3600"
      })
  void exchange_thatWasConfirmed_mintsWhatWasShown(String template, String more) throws Exception {
    String token = tokenOfAnother();
    PendingExchange shown = waits(issuer, token, details(template, more));
    assertThat(issuer.pending().confirm(shown.id(), alice())).isTrue();
    world.clock.forward(PendingBook.WAITS.dividedBy(2));
    Issued issued = issuer.exchange(world.request(world.planner, token, details(template, more)));
    AgentToken minted = issued.token();
    EffectiveAuthority authority = minted.chain().effectiveAuthority();
    Agent holder = Objects.requireNonNull(minted.chain().holder());
    assertThat(minted.token().holderKey()).isEqualTo(shown.agent().key());
    assertThat(holder).isEqualTo(Agent.of(shown.agent().name(), shown.agent().key()));
    assertThat(minted.chain().delegator()).isEqualTo(shown.delegator());
    assertThat(minted.chain().task()).isEqualTo(shown.task());
    assertThat(authority.isListed()).isTrue();
    assertThat(authority.opaqueChecks()).isEmpty();
    assertThat(authority.alternatives().stream().map(Grant::toString))
        .containsExactlyElementsOf(shown.grants());
    assertThat(authority.budgets().stream().map(Budget::words))
        .containsExactlyElementsOf(shown.budgets());
    assertThat(authority.expiry())
        .isEqualTo(world.clock.instant().plus(issued.lifetime()))
        .isBeforeOrEqualTo(shown.end());
    assertThat(shownOf(minted, issued)).isEqualTo(shown.conditions());
    assertThat(issued.template()).isEqualTo(template);
    assertThat(issued.task()).isEqualTo(shown.task());
    assertThat(issued.grants()).isEqualTo(shown.grants());
  }

  /** The conditions of a token as a person would be shown them. */
  private static List<String> shownOf(AgentToken minted, Issued issued) throws ExchangeException {
    EffectiveAuthority authority = minted.chain().effectiveAuthority();
    Mint.Renewable renewable = Mint.Renewable.of(minted.token().blocks().get(0).block());
    Template template =
        IssuerWorld.templates().stream()
            .filter(one -> one.name().equals(issued.template()))
            .findFirst()
            .orElseThrow();
    List<String> audiences = authority.audiences();
    Template same =
        new Template(
            template.name(),
            template.grants(),
            issued.lifetime(),
            Math.toIntExact(authority.maxDepth().orElseThrow()),
            audiences == null ? List.of() : audiences,
            authority.budgets(),
            renewable == null ? null : Duration.between(renewable.since(), renewable.until()),
            List.of());
    return Granted.of(
            same, new GrantRequest(template.name(), issued.task(), null, null, null, null))
        .conditions();
  }

  @Test
  void exchange_whoseGrantsChangedSinceThePersonSawThem_isRefused() throws Exception {
    Changing people = new Changing(world.people);
    TokenIssuer byRole = world.issuer(people, IssuerWorld.templates(), BY_ROLE);
    String token = tokenOfAnother();
    PendingExchange shown = waits(byRole, token, details("close", ""));
    assertThat(shown.grants())
        .containsExactly("jira.close close if approved by 1 of group \"leads\"");
    byRole.pending().confirm(shown.id(), alice());
    people.change = one -> new Person(one.subject(), one.delegator(), Set.of("lead"), Map.of());
    ExchangeRequest again = world.request(world.planner, token, details("close", ""));
    refused(byRole, "access_denied", "not_granted", again);
    assertMintedAndRegistered(0);
    people.change = UnaryOperator.identity(); // the word is good for what it was given for
    assertThat(byRole.exchange(world.request(world.planner, token, details("close", ""))).grants())
        .isEqualTo(shown.grants());
    assertMintedAndRegistered(1);
  }

  @Test
  void exchange_whoseDelegatorIsCalledOtherwiseSinceThePersonSawIt_isRefused() {
    Changing people = new Changing(world.people);
    TokenIssuer changing = world.issuer(people, IssuerWorld.templates());
    String token = tokenOfAnother();
    PendingExchange shown = waits(changing, token, DETAILS);
    assertThat(shown.delegator()).isEqualTo(ALICE);
    changing.pending().confirm(shown.id(), alice());
    people.change = one -> new Person(one.subject(), "svc:payroll", one.roles(), Map.of());
    ExchangeRequest again = world.request(world.planner, token, DETAILS);
    refused(changing, "access_denied", "not_granted", again);
    assertMintedAndRegistered(0);
  }

  @Test
  void exchange_whoseAgentIsCalledOtherwiseSinceThePersonSawIt_isRefused() {
    String token = tokenOfAnother();
    TokenIssuer any =
        world.issuer(world.people, IssuerWorld.templates(), "allow if tool(\"taper.grant\");");
    PendingExchange shown = waits(any, token, DETAILS);
    any.pending().confirm(shown.id(), alice());
    world.enrolled =
        List.of(new EnrolledAgent("agent:payroll", world.planner.publicKey(), Set.of()));
    refused(any, "access_denied", "not_granted", world.request(world.planner, token, DETAILS));
    assertMintedAndRegistered(0);
  }

  // What is used up first.

  @Test
  void exchange_ofAReplayedToken_recordsNothing() throws Exception {
    String token = world.provider.token(claims -> {});
    issuer.exchange(world.request(world.planner, token, DETAILS));
    refused("invalid_request", "subject_replayed", world.request(world.planner, token, DETAILS));
    assertMintedAndRegistered(1);
  }

  @Test
  void exchange_ofAReplayedProof_recordsNothing() throws Exception {
    ExchangeRequest asked = world.request(DETAILS);
    issuer.exchange(asked);
    refused("invalid_request", "proof_replayed", asked);
    assertMintedAndRegistered(1);
  }

  @Test
  void exchange_whoseTokenCannotBeUsedUp_recordsNothing() {
    world.subjects =
        (use, share, now) -> {
          throw new TaperException(ErrorCode.DATABASE_FAILED, "the memory is away");
        };
    TokenIssuer forgetful = world.issuer();
    refused(forgetful, "temporarily_unavailable", "unavailable", world.request(DETAILS));
    assertMintedAndRegistered(0);
  }

  @Test
  void exchange_whileItsTokenIsUsedUp_isNotRecordedYet() throws Exception {
    List<Integer> then = new ArrayList<>();
    ReplayMemory memory = ReplayMemory.inMemory();
    world.subjects =
        (use, share, now) -> {
          then.add(minted().size() + world.registry.find(RegistryQuery.living()).size());
          return memory.claim(use, share, now);
        };
    world.issuer().exchange(world.request(DETAILS));
    assertThat(then).isNotEmpty().containsOnly(0);
    assertMintedAndRegistered(1);
  }

  @Test
  void exchange_thatWasConfirmed_isRecordedOnce() throws Exception {
    String token = tokenOfAnother();
    PendingExchange shown = waits(issuer, token, DETAILS);
    assertMintedAndRegistered(0);
    issuer.pending().confirm(shown.id(), alice());
    issuer.exchange(world.request(world.planner, token, DETAILS));
    refused("invalid_request", "subject_replayed", world.request(world.planner, token, DETAILS));
    assertMintedAndRegistered(1);
  }

  @Test
  void exchanges_thatBothMadeATokenOfOneConfirmation_recordOne() throws Exception {
    String token = tokenOfAnother();
    issuer.pending().confirm(waits(issuer, token, DETAILS).id(), alice());
    List<ExchangeRequest> two =
        List.of(
            world.request(world.planner, token, DETAILS),
            world.request(world.planner, token, DETAILS));
    assertThat(together(two.stream().<Callable<?>>map(one -> () -> issuer.exchange(one)).toList()))
        .isEqualTo(1);
    assertMintedAndRegistered(1);
  }

  /** How many of two give something, where each has looked before the other goes on. */
  private int together(List<Callable<?>> two) throws Exception {
    CyclicBarrier both = new CyclicBarrier(two.size());
    AtomicInteger looks = new AtomicInteger();
    world.whileLooking =
        () -> {
          try {
            if (looks.getAndIncrement() < two.size()) {
              both.await(1, TimeUnit.MINUTES);
            }
          } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
          }
        };
    ExecutorService threads = Executors.newFixedThreadPool(two.size());
    try {
      List<Future<?>> asked = new ArrayList<>();
      two.forEach(one -> asked.add(threads.submit(one)));
      int given = 0;
      for (Future<?> one : asked) {
        try {
          given += one.get(2, TimeUnit.MINUTES) == null ? 0 : 1;
        } catch (ExecutionException e) {
          assertThat(e.getCause()).isInstanceOfAny(ExchangeException.class, RefusedException.class);
        }
      }
      return given;
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void exchange_ofARequestThatPeopleRefuse_isNeverRecordedAsIssued() {
    String token = tokenOfAnother();
    PendingExchange shown = waits(issuer, token, DETAILS);
    issuer.pending().refuse(shown.id(), alice());
    refused("access_denied", "consent_refused", world.request(world.planner, token, DETAILS));
    assertMintedAndRegistered(0);
  }

  @Test
  void confirm_thatCannotBeRecorded_isNoWord() {
    String token = tokenOfAnother();
    PendingExchange shown = waits(issuer, token, DETAILS);
    world.log.close();
    for (Consumer<String> word :
        List.<Consumer<String>>of(
            id -> issuer.pending().confirm(id, alice()),
            id -> issuer.pending().refuse(id, alice()))) {
      assertThat(catchThrowableOfType(TaperException.class, () -> word.accept(shown.id())))
          .isNotNull();
      assertThat(waits(issuer, token, DETAILS)).isEqualTo(shown); // it waits on
    }
  }

  @Test
  void renewals_thatBothLookedAtOneProof_recordOne() throws Exception {
    AgentToken token = issuer.exchange(world.request(DETAILS)).token();
    world.clock.forward(Duration.ofMinutes(1));
    SentHttp sent = SentHttp.of("POST", IssuerWorld.ISSUER, "/v1/renew");
    String proof =
        token
            .prove(world.planner, sent, "svc:issuer", SentApprovals.NONE, world.clock)
            .encodeBase64();
    Credentials given = new Credentials(token.encodeBase64(), proof, List.of());
    Callable<AgentToken> renewal = () -> issuer.renew(given, sent);
    assertThat(together(List.of(renewal, renewal))).isEqualTo(1);
    assertMintedAndRegistered(2);
  }

  @Test
  void renew_thatCannotBeRecorded_givesNothing() throws Exception {
    AgentToken token = issuer.exchange(world.request(DETAILS)).token();
    world.clock.forward(Duration.ofMinutes(1));
    world.log.close();
    RefusedException refusal =
        catchThrowableOfType(
            RefusedException.class, () -> world.renew(issuer, token, world.planner));
    assertThat(refusal.refusal().status()).isEqualTo(503);
    assertMintedAndRegistered(1);
  }
}

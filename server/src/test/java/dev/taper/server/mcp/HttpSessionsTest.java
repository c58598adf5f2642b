package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much room strangers have, who can begin sessions as often as they like. */
class HttpSessionsTest {
  private static final int ROOM = 16;

  private final AtomicLong now = new AtomicLong(1);
  private final AtomicInteger alive = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final Set<Outlet.Client> used = ConcurrentHashMap.newKeySet();
  private volatile boolean areSlow;
  private boolean isShort;
  private final HttpSessions sessions = new HttpSessions(new Host(), ROOM, now::get);

  /** Its servers end when they may. */
  private final class Host implements Conversation.Host {
    @Override
    public Conversation session(Outlet.Client client) {
      if (isShort) {
        throw new IllegalStateException("of a test");
      }
      most.accumulateAndGet(alive.incrementAndGet(), Math::max);
      return new Conversation() {
        @Override
        public void received(RpcMessage message, Outlet outlet) {}

        @Override
        public void gone(Object requestId, Outlet outlet) {}

        @Override
        public @Nullable HttpRefusal refusal(IncomingRequest request, byte[] content) {
          return null;
        }

        @Override
        public boolean isOwned() {
          return false;
        }

        @Override
        public boolean mayHave(RpcMessage kept) {
          return true;
        }

        @Override
        public boolean isUsed() {
          return used.contains(client);
        }

        @Override
        public boolean owesAnswers() {
          return false;
        }

        @Override
        public void close() {
          if (areSlow) {
            try {
              mayEnd.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          alive.decrementAndGet();
        }
      };
    }

    @Override
    public Conversation stateless(Outlet.Client client) {
      throw new IllegalStateException();
    }
  }

  @AfterEach
  void end() {
    mayEnd.countDown();
    sessions.close();
  }

  private HttpSession known(String from) throws RpcFault {
    HttpSession session = sessions.begin(from);
    session.known();
    return session;
  }

  private void after(long seconds) {
    now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  /** Waits until what ends has left: a server that has ended takes its room a moment longer. */
  private void awaitTaken(int most) throws InterruptedException {
    while (sessions.present() > most) {
      Thread.sleep(5);
    }
  }

  private boolean isThere(HttpSession session) {
    return !session.isOver();
  }

  @Test
  void sessionsThatEnd_takeRoom_untilTheirServersHaveEnded() throws Exception {
    areSlow = true;
    int begun = 0;
    for (int i = 0; i < 10 * ROOM; i++) {
      try {
        sessions.end(sessions.begin("a" + i));
        begun++;
      } catch (RpcFault e) {
        assertThat(e.code()).isEqualTo(RpcFault.Code.TOO_MANY_REQUESTS);
      }
    }
    assertThat(begun).isGreaterThanOrEqualTo(ROOM);
    assertThat(most.get()).isLessThanOrEqualTo(ROOM + ROOM / 4);
    mayEnd.countDown();
    awaitTaken(0);
    assertThat(isThere(sessions.begin("again"))).isTrue();
  }

  /** Such as of threads, of which each server takes some. */
  @Test
  void sessionsThatCannotBegin_takeNoRoom() throws Exception {
    isShort = true;
    for (int i = 0; i < 2 * ROOM; i++) {
      assertThatThrownBy(() -> sessions.begin("192.0.2.1")).hasMessage("of a test");
    }
    assertThat(sessions.present()).isZero();
    isShort = false;
    assertThat(isThere(sessions.begin("192.0.2.1"))).isTrue();
  }

  @Test
  void strangersOfOneAddress_makeRoomForEachOther_andLeaveTheRestToOthers() throws Exception {
    List<HttpSession> near = new ArrayList<>();
    for (int i = 0; i < ROOM / 4; i++) {
      near.add(sessions.begin("192.0.2.1"));
    }
    assertThatThrownBy(() -> sessions.begin("192.0.2.1")).hasMessageContaining("too_many_requests");
    HttpSession other = sessions.begin("192.0.2.2");
    after(11);
    sessions.find(near.get(0).id()); // using it does not help: it shows no token
    HttpSession next = sessions.begin("192.0.2.1");
    assertThat(near).filteredOn(this::isThere).hasSize(ROOM / 4 - 1);
    assertThat(isThere(other)).isTrue();
    assertThat(isThere(next)).isTrue();
  }

  @Test
  void strangersOfAllAddresses_endNoSessionOfWhomIsKnown() throws Exception {
    List<HttpSession> known = new ArrayList<>();
    for (int i = 0; i < ROOM / 2; i++) {
      known.add(known("192.0.2.1"));
    }
    after(3600 / 4);
    for (int i = 0; i < 4 * ROOM; i++) {
      try {
        HttpSession unused = sessions.begin("198.51.100." + i);
      } catch (RpcFault e) {
        assertThat(e.code()).isEqualTo(RpcFault.Code.TOO_MANY_REQUESTS);
      }
      after(11);
    }
    assertThat(known).allMatch(this::isThere);
  }

  @Test
  void sessionInUse_makesNoRoom() throws Exception {
    HttpSession waits = known("192.0.2.1");
    used.add(waits);
    List<HttpSession> rested = new ArrayList<>();
    for (int i = 1; i < ROOM; i++) {
      rested.add(known("192.0.2.1"));
    }
    after(61);
    HttpSession unused = sessions.begin("192.0.2.3");
    assertThat(isThere(waits)).isTrue();
    assertThat(rested).filteredOn(this::isThere).hasSize(ROOM - 2);
  }

  @Test
  void messagesForNobody_areKeptWithinBytes() throws Exception {
    HttpSession session = known("192.0.2.1");
    RpcMessage large =
        new RpcMessage.Notification("notifications/message", Map.of("data", "x".repeat(100_000)));
    assertThat(session.send(large)).isTrue();
    assertThat(session.send(large)).isTrue();
    assertThat(session.send(large)).isFalse();
  }

  /** A session in which a token was shown; its requests are answered at once, or never. */
  private HttpSession of(String delegator, boolean isInUse) throws RpcFault {
    HttpSession session = sessions.begin(delegator);
    if (isInUse) {
      used.add(session);
    }
    boolean unused = session.known(delegator);
    return session;
  }

  @Test
  void sessionsOfOneDelegator_haveHalfOfTheRoom_evenIfAllAreInUse() throws Exception {
    List<HttpSession> greedy = new ArrayList<>();
    for (int i = 0; i < 3 * ROOM; i++) {
      try {
        greedy.add(of("user:greedy", true));
      } catch (RpcFault e) {
        assertThat(e.code()).isEqualTo(RpcFault.Code.TOO_MANY_REQUESTS);
      }
      after(11); // strangers leave
    }
    assertThat(greedy).filteredOn(HttpSession::isKnown).hasSize(ROOM / 2).allMatch(this::isThere);
    awaitTaken(ROOM);
    HttpSession other = of("user:other", true);
    assertThat(other.isKnown()).isTrue();
    // What is known stays so, and counts once, whatever is shown in it.
    assertThat(other.known("user:greedy")).isTrue();
    assertThat(greedy.get(0).known("user:greedy")).isTrue();
    assertThat(of("user:third", true).isKnown()).isTrue();
    assertThat(greedy).filteredOn(HttpSession::isKnown).allMatch(this::isThere);
  }

  /** They are there to say why, and have no server any more. */
  @Test
  void sessionsThatAreOver_countForNobody() throws Exception {
    for (int i = 0; i < ROOM / 2; i++) {
      of("user:one", false).expire("of a test");
    }
    awaitTaken(0);
    HttpSession next = of("user:one", false);
    assertThat(next.isKnown()).isTrue();
    assertThat(next.delegator()).isEqualTo("user:one");
  }

  @Test
  void sessionThatIsOnlyAskedFor_endsInTime() throws Exception {
    HttpSession session = known("192.0.2.1");
    HttpSession other = of("user:one", false);
    after(1799);
    assertThat(sessions.find(session.id())).isSameAs(session);
    assertThat(other.known("user:one")).isTrue(); // somebody showed a token in it again
    after(2);
    sessions.look();
    assertThat(isThere(session)).isFalse();
    assertThat(isThere(other)).isTrue();
  }

  @Test
  void sessionOfADelegatorWithoutRoom_takesThatOfItsOwnWhichRestedLongest() throws Exception {
    HttpSession other = of("user:other", false);
    after(100);
    List<HttpSession> own = new ArrayList<>();
    for (int i = 0; i < ROOM / 2 - 1; i++) {
      own.add(of("user:one", false));
      after(1);
    }
    assertThat(of("user:one", false).isKnown()).isFalse(); // none has rested for a minute
    after(60);
    assertThat(of("user:one", false).isKnown()).isTrue();
    assertThat(isThere(own.get(0))).isFalse();
    assertThat(own.subList(1, own.size())).allMatch(this::isThere);
    assertThat(isThere(other)).isTrue();
  }
}

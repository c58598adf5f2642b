package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is computed when, in a process that has just started. */
class KnownKeyClassesTest {
  /**
   * The base point's table takes six times as long as a key's, and tens of milliseconds in a new
   * process: the thread for tables pays for it, not the first call by a known key.
   */
  @Test
  void of_firstKey_baseIsThereBeforeTheFirstCall() throws Exception {
    FreshClasses fresh = new FreshClasses();
    Class<?> keys = fresh.loadClass(PublicKey.class.getName());
    Class<?> algorithms = fresh.loadClass(Algorithm.class.getName());
    Object key =
        keys.getMethod("of", algorithms, byte[].class)
            .invoke(
                null,
                algorithms.getField("ED25519").get(null),
                PrivateKey.generate(Algorithm.ED25519).publicKey().bytes());
    Method make = fresh.loadClass(KnownKey.class.getName()).getDeclaredMethod("of", keys);
    make.setAccessible(true);
    assertThat(fresh.loaded).doesNotContain(KnownKey.class.getName() + "$Base");

    assertThat(make.invoke(null, key)).isNotNull();

    assertThat(fresh.loaded).contains(KnownKey.class.getName() + "$Base");
  }

  /** Loads the engine's classes once more, and says which. */
  private static final class FreshClasses extends ClassLoader {
    private final Set<String> loaded = new HashSet<>();

    FreshClasses() {
      super(KnownKeyClassesTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dev.taper.")) {
        return super.loadClass(name, resolve);
      }
      Class<?> known = findLoadedClass(name);
      return known != null ? known : fresh(name);
    }

    private Class<?> fresh(String name) throws ClassNotFoundException {
      String file = name.replace('.', '/') + ".class";
      try (@Nullable InputStream in = getParent().getResourceAsStream(file)) {
        byte[] bytes = Objects.requireNonNull(in).readAllBytes();
        loaded.add(name);
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}

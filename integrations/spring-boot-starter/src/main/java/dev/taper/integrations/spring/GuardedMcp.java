package dev.taper.integrations.spring;

import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.server.GuardedTransport;
import dev.taper.integrations.mcp.server.SessionFilter;
import dev.taper.operations.config.ConfiguredVerifier;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import io.modelcontextprotocol.spec.McpServerTransportProviderBase;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * Puts a guard before every transport of an application's servers of MCP, whoever made it: a bean
 * in front of it is what servers get by its interface, and the transport itself serves its own
 * routes. A server that took a transport past its guard ends the start of the application. Tools
 * are entered with the call that was allowed, or not at all.
 */
final class GuardedMcp
    implements BeanDefinitionRegistryPostProcessor, BeanPostProcessor, SmartInitializingSingleton {
  private static final List<Class<?>> KINDS =
      List.of(
          McpStreamableServerTransportProvider.class,
          McpServerTransportProvider.class,
          McpStatelessServerTransport.class,
          McpServerTransportProviderBase.class);

  private static final Set<String> BUILDING = Set.of("setSessionFactory", "setMcpHandler");

  private final Set<String> made = ConcurrentHashMap.newKeySet();
  private final Set<String> used = ConcurrentHashMap.newKeySet();
  private volatile @Nullable SessionFilter sessions;

  @Override
  public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
    // Types are known once every definition is there.
  }

  @Override
  public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
    BeanDefinitionRegistry registry = (BeanDefinitionRegistry) beans;
    for (Class<?> kind : List.of(KINDS.get(3), KINDS.get(2))) {
      for (String name : beans.getBeanNamesForType(kind, true, false)) {
        guard(beans, registry, name);
      }
    }
  }

  private void guard(
      ConfigurableListableBeanFactory beans, BeanDefinitionRegistry registry, String name) {
    Class<?> type = beans.getType(name, false);
    if (type == null) {
      throw new IllegalStateException("the transport " + name + " has no type to be guarded by");
    }
    RootBeanDefinition guarded = new RootBeanDefinition();
    guarded.setTargetType(
        KINDS.stream().filter(kind -> kind.isAssignableFrom(type)).findFirst().orElseThrow());
    guarded.setInstanceSupplier(supplier(beans, name));
    guarded.setPrimary(true);
    guarded.setDestroyMethodName(""); // the transport's own end is enough
    registry.registerBeanDefinition("taper." + name, guarded);
  }

  private Supplier<Object> supplier(ConfigurableListableBeanFactory beans, String name) {
    return () -> {
      McpGuard guard = McpGuard.of(beans.getBean(ConfiguredVerifier.class)::verifier);
      Object transport = beans.getBean(name);
      made.add(name);
      if (transport instanceof McpStreamableServerTransportProvider streamable) {
        McpStreamableServerTransportProvider guarded = GuardedTransport.of(guard, streamable);
        sessions = SessionFilter.of(guarded);
        return noting(name, KINDS.get(0), guarded);
      }
      if (transport instanceof McpStatelessServerTransport stateless) {
        return noting(name, KINDS.get(2), GuardedTransport.of(guard, stateless));
      }
      return noting(
          name, KINDS.get(1), GuardedTransport.of(guard, (McpServerTransportProvider) transport));
    };
  }

  /** Verifies who goes on with a session; null while no transport has any. */
  @Nullable SessionFilter sessions() {
    return sessions;
  }

  /** A guard that notes when a server is built on it, which is when it is told where to ask. */
  private Object noting(String name, Class<?> kind, Object guarded) {
    return Proxy.newProxyInstance(
        GuardedMcp.class.getClassLoader(),
        new Class<?>[] {kind},
        (proxy, method, arguments) -> {
          if (BUILDING.contains(method.getName())) {
            used.add(name);
          }
          try {
            return method.invoke(guarded, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  /** Looks once more at every transport: one whose guard no server has would be without it. */
  @Override
  public void afterSingletonsInstantiated() {
    for (String name : made) {
      if (!used.contains(name)) {
        throw new IllegalStateException(
            "no guard stands before the transport "
                + name
                + ": its server of MCP has to take it by its interface, not by its class");
      }
    }
  }

  @Override
  public @Nullable Object postProcessAfterInitialization(Object bean, String name) {
    if (bean instanceof List<?> list && list.stream().anyMatch(GuardedMcp::isTool)) {
      List<Object> entered = new ArrayList<>();
      list.forEach(one -> entered.add(entered(one)));
      return entered;
    }
    return entered(bean);
  }

  private static boolean isTool(@Nullable Object bean) {
    return bean instanceof McpServerFeatures.SyncToolSpecification
        || bean instanceof McpStatelessServerFeatures.SyncToolSpecification;
  }

  /** A tool that is entered with its call; anything else as it is. */
  private static Object entered(Object bean) {
    if (bean instanceof McpServerFeatures.SyncToolSpecification tool) {
      return new McpServerFeatures.SyncToolSpecification(
          tool.tool(),
          (exchange, request) ->
              during(
                  exchange.transportContext(), () -> tool.callHandler().apply(exchange, request)));
    }
    if (bean instanceof McpStatelessServerFeatures.SyncToolSpecification tool) {
      return new McpStatelessServerFeatures.SyncToolSpecification(
          tool.tool(),
          (context, request) -> during(context, () -> tool.callHandler().apply(context, request)));
    }
    return bean;
  }

  private static <T> T during(McpTransportContext context, Supplier<T> handler) {
    return CurrentCall.during(GuardedTransport.decision(context).call(), handler);
  }
}

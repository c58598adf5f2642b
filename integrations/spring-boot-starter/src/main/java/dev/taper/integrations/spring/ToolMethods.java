package dev.taper.integrations.spring;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.operations.config.ConfiguredVerifier;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Puts a guard around beans with methods that do a tool, whether or not other proxies are made, and
 * ends the start of the application if it cannot. Thread-safe once started.
 */
final class ToolMethods extends AbstractBeanFactoryAwareAdvisingPostProcessor
    implements SmartInitializingSingleton {
  private static final long serialVersionUID = 1L;
  private static final String NONE = "";

  private final transient Map<Method, String> tools = new ConcurrentHashMap<>();
  private final transient Set<String> named = ConcurrentHashMap.newKeySet();
  private transient @Nullable ConfigurableListableBeanFactory beans;

  ToolMethods() {
    setProxyTargetClass(true);
    setBeforeExistingAdvisors(true);
    MethodInterceptor guard =
        invocation -> {
          Object self = invocation.getThis();
          Class<?> type =
              self == null ? invocation.getMethod().getDeclaringClass() : self.getClass();
          CurrentCall.require(tool(AopUtils.getMostSpecificMethod(invocation.getMethod(), type)));
          return invocation.proceed();
        };
    advisor =
        new DefaultPointcutAdvisor(
            new AnnotationMatchingPointcut(null, TaperTool.class, true), guard);
  }

  @Override
  public void setBeanFactory(BeanFactory beanFactory) {
    super.setBeanFactory(beanFactory);
    beans = (ConfigurableListableBeanFactory) beanFactory;
  }

  /** The tool that a method does; empty, which is no tool's name, if it does none. */
  private String tool(Method method) {
    return tools.computeIfAbsent(
        method,
        m -> {
          TaperTool found = AnnotatedElementUtils.findMergedAnnotation(m, TaperTool.class);
          return found == null ? NONE : found.value();
        });
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (isEligible(bean, name)) {
      check(AopUtils.getTargetClass(bean));
    }
    return super.postProcessAfterInitialization(bean, name);
  }

  private void check(Class<?> type) {
    for (Method method : ReflectionUtils.getAllDeclaredMethods(type)) {
      String tool = tool(method);
      if (tool.isEmpty() || method.isBridge()) {
        continue;
      }
      int modifiers = method.getModifiers();
      if (!Modifier.isPublic(modifiers)
          || Modifier.isStatic(modifiers)
          || Modifier.isFinal(modifiers)
          || Modifier.isFinal(type.getModifiers())) {
        throw new IllegalStateException(
            "@TaperTool guards public methods that are neither final nor static, in classes that"
                + " are not final; not "
                + method);
      }
      named.add(tool);
    }
  }

  /** Looks once more at everything that was made: nothing that does a tool is without its guard. */
  @Override
  public void afterSingletonsInstantiated() {
    if (beans == null) {
      return;
    }
    for (String name : beans.getSingletonNames()) {
      Object bean = beans.getSingleton(name);
      if (bean != null && isEligible(AopUtils.getTargetClass(bean)) && !isGuarded(bean)) {
        throw new IllegalStateException(
            "the bean " + name + " was made too early for @TaperTool to guard its methods");
      }
    }
    if (named.isEmpty()) {
      return;
    }
    ConfiguredVerifier verifier = beans.getBeanProvider(ConfiguredVerifier.class).getIfAvailable();
    ToolCatalog catalog = verifier == null ? null : verifier.verifier().catalog();
    for (String tool : named) {
      if (catalog == null || !catalog.tools().containsKey(tool)) {
        throw new IllegalStateException("@TaperTool names " + tool + ", which no catalog has");
      }
    }
  }

  private boolean isGuarded(Object bean) {
    Advisor own = advisor;
    return own != null && bean instanceof Advised advised && advised.indexOf(own) >= 0;
  }
}

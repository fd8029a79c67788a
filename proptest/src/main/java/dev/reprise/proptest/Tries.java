package dev.reprise.proptest;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * How often a property is tried by default: few, so that an ordinary build stays short. The system property
 * {@code reprise.tries} multiplies it for every property that has this annotation ({@code -Dreprise.tries=50}).
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@AddLifecycleHook(Tries.Hook.class)
public @interface Tries {

    /** Tries with the factor 1. */
    int value();

    /** Sets the number of tries before the property runs. */
    final class Hook implements AroundPropertyHook {

        @Override
        public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
            context.findAnnotation(Tries.class).ifPresent(tries ->
                    context.attributes().setTries((int) Math.min(Integer.MAX_VALUE, (long) tries.value() * factor())));
            return property.execute();
        }

        @Override
        public int aroundPropertyProximity() {
            // Outside of what jqwik itself does for a property.
            return -10;
        }

        private static int factor() {
            return Math.max(1, Integer.getInteger("reprise.tries", 1));
        }
    }
}

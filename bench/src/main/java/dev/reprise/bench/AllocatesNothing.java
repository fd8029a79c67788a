package dev.reprise.bench;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says of a benchmark that an operation of it allocates nothing, with every value of its parameters
 * or with those named. A test in this module runs
 * every benchmark so marked under JMH's allocation profiler and holds it to less than 0.01 bytes per operation.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface AllocatesNothing {

    /** Parameters to hold, as {@code name=value}; those of other names, or all if there is none, stand as declared. */
    String[] with() default {};
}

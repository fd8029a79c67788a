package dev.reprise.proptest;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names what the properties of a {@link DeterminismContract} must have met at least once, as the coverage that they print
 * names it: kinds of events, {@code short writes}, {@code idle}, {@code DROP CLOCK_READ}. A hole fails the class.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
public @interface CoverageNeeded {

    String[] value();
}

package dev.reprise.machine.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between modules and between the machine's packages point one way. */
class ModuleArrowsTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.reprise");

    private static void dependsOnlyOn(String module, String... others) {
        classes().that().resideInAPackage("dev.reprise." + module + "..")
                .should().onlyDependOnClassesThat().resideInAnyPackage(others)
                .check(CLASSES);
    }

    @Test
    void shouldLetTheCpuKnowNothingOfOurs() {
        dependsOnlyOn("cpu", "dev.reprise.cpu..", "java..");
    }

    @Test
    void shouldLetTheEngineKnowNothingOfOurs() {
        dependsOnlyOn("engine", "dev.reprise.engine..", "java..", "com.lmax.disruptor..", "com.fasterxml.jackson.core..",
                "org.agrona..");
    }

    @Test
    void shouldLetCharacterDevicesKnowTheEngineAlone() {
        dependsOnlyOn("chardev", "dev.reprise.chardev..", "dev.reprise.engine..", "java..", "org.jline..");
    }

    @Test
    void shouldLetNobodyKnowTheMachine() {
        noClasses().that().resideOutsideOfPackages("dev.reprise.machine..", "dev.reprise.bench..")
                .should().dependOnClassesThat().resideInAPackage("dev.reprise.machine..")
                .check(CLASSES);
    }

    @Test
    void shouldKeepTheBoardAwayFromTheHost() {
        noClasses().that().resideInAnyPackage("dev.reprise.machine.board..", "dev.reprise.chardev.guest..", "dev.reprise.cpu..")
                .should().dependOnClassesThat().resideInAnyPackage("dev.reprise.chardev.host..",
                        "dev.reprise.machine.cli..", "dev.reprise.machine.run..", "dev.reprise.machine.demo..",
                        "java.io..", "java.nio.file..", "java.net..", "java.time..")
                .check(new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.reprise.machine.board", "dev.reprise.chardev.guest", "dev.reprise.cpu.bus",
                                "dev.reprise.cpu.csr", "dev.reprise.cpu.fpu", "dev.reprise.cpu.interpret",
                                "dev.reprise.cpu.isa", "dev.reprise.cpu.mmu", "dev.reprise.cpu.translate", "dev.reprise.cpu.trap"));
    }

    @Test
    void shouldLetOnlyTheCommandLineKnowTheCommandLine() {
        noClasses().that().resideInAPackage("dev.reprise.machine..")
                .and().resideOutsideOfPackage("dev.reprise.machine.cli..")
                .should().dependOnClassesThat().resideInAPackage("dev.reprise.machine.cli..")
                .check(CLASSES);
    }
}

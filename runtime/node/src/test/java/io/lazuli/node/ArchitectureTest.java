package io.lazuli.node;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may import whom. A rule that is broken here is a decision to talk about, not a list to lengthen. */
class ArchitectureTest {

    private static final String OURS = "io.lazuli..";
    private static final String NODE = "io.lazuli.node..";
    private static final String STORAGE = "io.lazuli.storage..";

    private static JavaClasses ours;

    @BeforeAll
    static void read() {
        ours = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.lazuli");
    }

    @Test
    void roleApiStandsAlone() {
        check(importsOnlyOurs("io.lazuli.role.."));
    }

    @Test
    void modelStandsAlone() {
        check(importsOnlyOurs("io.lazuli.storage.model.."));
    }

    @Test
    void kernelStandsAlone() {
        check(importsOnlyOurs("io.lazuli.kernel.."));
    }

    @Test
    void commandLineSpeaksOnlyTheAdminApi() {
        check(importsOnlyOurs("io.lazuli.cli.."));
    }

    @Test
    void securityNeedsOnlyTheKernel() {
        check(importsOnlyOurs("io.lazuli.security..", "io.lazuli.kernel.."));
    }

    @Test
    void storageImportsOfTheRuntimeOnlyKernelAndSecurity() {
        check(importsOnlyOurs(STORAGE, "io.lazuli.kernel..", "io.lazuli.security.."));
    }

    @Test
    void storeKnowsNothingAboveIt() {
        check(importsOnlyOurs("io.lazuli.storage.store..", "io.lazuli.kernel..", "io.lazuli.storage.model.."));
    }

    @Test
    void journalNeedsOnlyTheStore() {
        check(importsOnlyOurs(
                "io.lazuli.storage.journal..", "io.lazuli.kernel..", "io.lazuli.storage.model..", "io.lazuli.storage.store.."));
    }

    @Test
    void partitionsNeedOnlyTheStores() {
        check(importsOnlyOurs(
                "io.lazuli.storage.partition..", "io.lazuli.kernel..", "io.lazuli.storage.model..", "io.lazuli.storage.store..",
                "io.lazuli.storage.chunk.."));
    }

    @Test
    void runtimeImportsNoStorageExceptNode() {
        check(noClasses()
                .that(resideInAPackage(OURS).and(not(resideInAnyPackage(STORAGE, NODE))))
                .should().dependOnClassesThat().resideInAPackage(STORAGE));
    }

    @Test
    void nobodyImportsTheNode() {
        check(nobodyImports(NODE));
    }

    @Test
    void journalIsImportedByTheNodeAlone() {
        check(noClasses()
                .that(not(resideInAnyPackage("io.lazuli.storage.journal..", NODE)))
                .should().dependOnClassesThat().resideInAPackage("io.lazuli.storage.journal.."));
    }

    @Test
    void runningRolesSurviveADeadController() {
        check(noClasses()
                .that().resideInAnyPackage("io.lazuli.host..", "io.lazuli.gateway..")
                .should().dependOnClassesThat().resideInAPackage("io.lazuli.fabric..").allowEmptyShould(true));
    }

    @Test
    void consensusIsKnownToTheStoreAlone() {
        check(noClasses()
                .that(not(resideInAPackage("io.lazuli.storage.store.raft..")))
                .should().dependOnClassesThat().resideInAPackage("com.alipay.."));
    }

    @Test
    void rocksDbIsKnownToTheStoreAlone() {
        check(noClasses()
                .that(not(resideInAnyPackage("io.lazuli.storage.store..", "io.lazuli.storage.chunk..")))
                .should().dependOnClassesThat().resideInAPackage("org.rocksdb.."));
    }

    @Test
    void vertxIsKnownToTheEdgeAndTheRaftTransport() {
        check(noClasses()
                .that(not(resideInAnyPackage(
                        "io.lazuli.storage.protocol..", "io.lazuli.admin..", "io.lazuli.gateway..", "io.lazuli.console..",
                        "io.lazuli.storage.store.raft..", NODE)))
                .should().dependOnClassesThat().resideInAPackage("io.vertx.."));
    }

    @Test
    void classicActorsOnlyWhereAPluginInterfaceDemandsThem() {
        check(noClasses()
                .that(not(resideInAPackage("io.lazuli.storage.journal..")))
                .should().beAssignableTo(nameMatching(
                        "org\\.apache\\.pekko\\.(actor|persistence)\\.(.*\\.)?(Abstract.*Actor.*|UntypedAbstractActor|AsyncWriteJournal|SnapshotStore)")));
    }

    @Test
    void nothingIsReadAsAJavaObject() {
        check(noClasses()
                .should().dependOnClassesThat().haveFullyQualifiedName("java.io.ObjectInputStream"));
    }

    @Test
    void foreignUtilitiesStayOut() {
        check(noClasses()
                .should().dependOnClassesThat().resideInAnyPackage("com.google.common..", "org.apache.commons..", "org.springframework.."));
    }

    @Test
    void modulesFormNoCycles() {
        check(slices().matching("io.lazuli.(*)..").should().beFreeOfCycles());
    }

    @Test
    void storageModulesFormNoCycles() {
        check(slices().matching("io.lazuli.storage.(*)..").should().beFreeOfCycles());
    }

    private static void check(ArchRule rule) {
        rule.check(ours);
    }

    private static ArchRule importsOnlyOurs(String importer, String... imported) {
        return noClasses().that().resideInAPackage(importer).should()
                .dependOnClassesThat(resideInAPackage(OURS).and(not(resideInAPackage(importer))).and(not(resideInAnyPackage(imported))));
    }

    private static ArchRule nobodyImports(String imported) {
        return classes().that().resideInAPackage(imported).should().onlyHaveDependentClassesThat().resideInAPackage(imported);
    }
}

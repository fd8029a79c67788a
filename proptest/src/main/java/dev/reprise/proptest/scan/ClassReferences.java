package dev.reprise.proptest.scan;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The methods and fields that a class file refers to, from its constant pool (JVM specification, 4.4). Method handles and
 * lambdas refer to methods by the same entries, so nothing else has to be read.
 */
final class ClassReferences {

    /**
     * A method or field that is referred to.
     *
     * @param owner internal name, such as {@code java/lang/System}
     */
    record Reference(String owner, String name, String descriptor) {}

    private static final int MAGIC = 0xcafebabe;

    private final String className;
    private final List<Reference> references;

    private ClassReferences(String className, List<Reference> references) {
        this.className = className;
        this.references = references;
    }

    /** Internal name of the class. */
    String className() {
        return className;
    }

    /** In the order of the constant pool. */
    List<Reference> references() {
        return references;
    }

    static ClassReferences read(InputStream classFile) throws IOException {
        DataInputStream in = new DataInputStream(classFile);
        if (in.readInt() != MAGIC) {
            throw new IOException("not a class file");
        }
        in.readInt();
        int count = in.readUnsignedShort();
        String[] text = new String[count];
        int[] first = new int[count];
        int[] second = new int[count];
        List<Integer> members = new ArrayList<>();
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> text[i] = in.readUTF();
                case 3, 4 -> in.readInt();
                case 5, 6 -> {
                    in.readLong();
                    // A long or double takes two places.
                    i++;
                }
                case 7, 8, 16, 19, 20 -> first[i] = in.readUnsignedShort();
                case 9, 10, 11 -> {
                    members.add(i);
                    first[i] = in.readUnsignedShort();
                    second[i] = in.readUnsignedShort();
                }
                case 12, 17, 18 -> {
                    first[i] = in.readUnsignedShort();
                    second[i] = in.readUnsignedShort();
                }
                case 15 -> {
                    in.readUnsignedByte();
                    in.readUnsignedShort();
                }
                default -> throw new IOException("constant pool entry " + i + " has tag " + tag);
            }
        }
        in.readUnsignedShort();
        String className = text[first[in.readUnsignedShort()]];
        List<Reference> references = new ArrayList<>();
        for (int member : members) {
            int nameAndType = second[member];
            references.add(new Reference(text[first[first[member]]], text[first[nameAndType]],
                    text[second[nameAndType]]));
        }
        return new ClassReferences(className, references);
    }
}

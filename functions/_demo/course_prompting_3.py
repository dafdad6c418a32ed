""" "Prompting untuk Profesional", third part: daily work."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Chapter, LessonItem, Question

DAILY_WORK: Final[Chapter] = Chapter(
    title="Prompt untuk Pekerjaan Sehari-hari",
    description="Menulis, merangkum, menganalisis, dan berapat dengan bantuan AI.",
    lessons=(
        LessonItem(
            title="Menulis dan Menyunting",
            description=(
                "Draf dari catatan, suntingan tanpa kehilangan suara, dan cara menjaga fakta."
            ),
            minutes=8,
            content="""
                    AI paling menolong ketika Anda sudah tahu apa yang ingin dikatakan. Mulailah
                    dari catatan, bukan halaman kosong.

                    ## Dari catatan ke draf

                    Tulis enam butir kasar dalam kata Anda sendiri. Minta model menyusunnya menjadi
                    surel tanpa menambah fakta. Lalu bandingkan: adakah kalimat yang tidak berasal
                    dari butir mana pun? Kalimat itu tambahan model. Hapus, atau sadari bahwa kini
                    Anda yang menyatakannya.

                    ## Menyunting tanpa kehilangan suara

                    Mintalah daftar usulan, bukan teks baru: *Sebutkan lima kalimat yang paling
                    sulit dibaca dan usulkan gantinya.* Anda memilih. Cara ini lebih lambat sepuluh
                    menit, tetapi tulisan tetap terdengar seperti Anda.

                    ## Tiga pemeriksaan akhir

                    - Nama, angka, tanggal: cocokkan dengan catatan.
                    - Kata penegas: "pasti", "selalu", "seluruh". Benarkah?
                    - Janji: apakah ada kesanggupan yang tidak pernah Anda putuskan?

                    Bacalah keras-keras sekali. Telinga menangkap kalimat yang bukan milik kita
                    lebih cepat daripada mata.

                    ## Contoh dua versi

                    Catatan: *acara diundur, ruang sama, tanggal 14, mohon kabari katering.* Draf
                    pertama model menambahkan "karena kendala teknis". Kendala itu tidak pernah ada;
                    acara diundur karena pembicara sakit. Kalimat kecil seperti ini terasa tidak
                    berbahaya sampai seseorang bertanya kendala teknis yang mana. Versi kedua
                    dihasilkan dengan satu baris tambahan: *jangan menyebut alasan.*

                    ## Menyesuaikan nada

                    Untuk surel yang sulit, mintalah dua nada: lugas dan hangat. Baca keduanya, lalu
                    susun sendiri dari potongan yang tepat. Pilihan kata dalam kabar buruk adalah
                    pekerjaan Anda; penerima akan mengingat siapa yang mengirimnya, bukan alat yang
                    membantu.

                    ## Coba sendiri

                    Ambil surel terpenting minggu ini. Minta lima kalimat tersulit beserta
                    usulannya, terima paling banyak dua.
                """,
            questions=(
                Question(
                    "easy",
                    ("Kalimat yang tidak berasal dari catatan Anda sebaiknya diapakan?"),
                    (
                        "Dibiarkan karena terdengar bagus",
                        "Dihapus atau dinyatakan secara sadar",
                        "Ditebalkan",
                    ),
                    right=1,
                    because="Setelah dikirim, kalimat itu menjadi pernyataan Anda.",
                ),
                Question(
                    "medium",
                    ("Mengapa meminta daftar usulan lebih baik daripada teks baru?"),
                    (
                        "Anda tetap memilih dan suara tulisan terjaga",
                        "Lebih murah",
                        "Model lebih cepat",
                    ),
                    right=0,
                    because="Teks baru mencampur perubahan yang perlu dan yang tidak.",
                ),
            ),
        ),
        LessonItem(
            title="Merangkum tanpa Menghilangkan yang Penting",
            description=(
                "Ringkasan adalah keputusan tentang apa yang boleh hilang; tentukan "
                "sendiri keputusannya."
            ),
            minutes=8,
            content="""
                    Setiap ringkasan membuang sesuatu. Bila Anda tidak mengatakan apa yang penting,
                    model memilih yang sering muncul, bukan yang berakibat besar.

                    ## Katakan apa yang dicari

                    Alih-alih "rangkum notulen ini", tulis: *Ambil keputusan, penanggung jawab, dan
                    tenggat. Catat keberatan meskipun hanya disebut sekali.* Keberatan yang disebut
                    sekali adalah jenis kalimat yang paling mudah hilang.

                    ## Minta jejak

                    Mintalah nomor paragraf atau kutipan pendek untuk setiap butir. Butir tanpa
                    jejak diperiksa lebih dulu. Untuk dokumen hukum, periksa khusus kata "kecuali",
                    "paling lambat", dan "tidak".

                    ## Uji balik

                    Berikan ringkasan kepada rekan yang tidak membaca aslinya, lalu tanyakan tiga
                    hal yang Anda tahu ada di sana. Jika ia salah menjawab, ringkasan itu belum
                    selesai.

                    Dokumen sangat panjang sebaiknya dirangkum per bab, lalu ringkasan bab dirangkum
                    lagi. Simpan ringkasan antaranya: di sanalah kesalahan dapat dilacak.

                    ## Contoh: notulen dua jam

                    Ringkasan pertama menyebut tiga keputusan dan suasana yang baik. Yang hilang:
                    satu orang mengatakan anggaran belum disetujui pusat. Kalimat itu muncul sekali,
                    di menit ke-70. Setelah permintaan diubah menjadi "catat setiap syarat dan
                    keberatan", kalimat itu muncul di baris pertama, dan rapat berikutnya tidak
                    dimulai dengan kejutan.

                    ## Panjang yang tepat

                    Tentukan panjang dari pembacanya. Direktur yang akan memutuskan memerlukan
                    pilihan dan akibatnya. Rekan yang akan mengerjakan memerlukan rincian. Satu
                    ringkasan untuk keduanya biasanya gagal melayani keduanya; buat dua, dari
                    catatan yang sama.
                """,
            questions=(
                Question(
                    "medium",
                    "Kalimat apa yang paling mudah hilang dari ringkasan?",
                    ("Judul", "Keberatan yang disebut sekali", "Kata yang sering muncul"),
                    right=1,
                    because=("Model condong kepada yang sering, bukan yang berakibat besar."),
                ),
                Question(
                    "easy",
                    "Apa guna nomor paragraf pada ringkasan?",
                    (
                        "Butirnya dapat dilacak ke teks asli",
                        "Ringkasan terlihat resmi",
                        "Menghemat token",
                    ),
                    right=0,
                    because="Jejak membuat pemeriksaan berlangsung cepat.",
                ),
            ),
        ),
        LessonItem(
            title="Menganalisis dengan Bahan Sendiri",
            description=(
                "Pertanyaan yang baik, bahan yang lengkap, dan batas tegas antara "
                "temuan dan tafsiran."
            ),
            minutes=9,
            content="""
                    Model tidak tahu mengapa penjualan turun. Ia dapat membantu menyusun
                    kemungkinan, menemukan pola di bahan yang Anda berikan, dan menunjukkan apa yang
                    belum diketahui.

                    ## Pisahkan tiga kolom

                    Mintalah tabel: *temuan* (ada di bahan, dengan rujukan), *tafsiran* (kemungkinan
                    penjelasan), *yang perlu diperiksa*. Pemisahan ini mencegah dugaan berubah
                    menjadi fakta di halaman berikutnya.

                    ## Minta penjelasan tandingan

                    Setelah mendapat satu penjelasan, minta tiga lainnya yang cocok dengan bahan
                    yang sama, lalu bukti apa yang akan membedakannya. Bila tidak ada bukti pembeda,
                    Anda belum boleh memilih.

                    ## Hitungan di tempat lain

                    Serahkan aritmetika kepada lembar kerja. Model boleh menulis rumusnya.

                    ## Contoh

                    Tiga cabang melaporkan keluhan naik. Bahan: 60 pesan, jam operasi, jadwal cuti.
                    Temuan: 41 pesan menyebut antrean sore. Tafsiran: kekurangan petugas, atau
                    perubahan jadwal sekolah di dekat cabang. Perlu diperiksa: jumlah petugas per
                    jam. Tanpa kolom ketiga, rapat akan memutuskan merekrut orang sebelum membuka
                    jadwal.

                    ## Menuliskan ketidaktahuan

                    Bagian tersulit dari analisis adalah mengakui apa yang tidak ada di bahan. Model
                    tidak akan mengakuinya bila tidak diminta. Tambahkan permintaan: *sebutkan tiga
                    keterangan yang, bila ada, paling mungkin mengubah kesimpulan ini.* Daftar itu
                    menjadi rencana kerja Anda. Bila salah satunya mudah dicari, carilah sebelum
                    rapat; bila tidak, sebutkan di dalam laporan supaya pembaca tahu seberapa kuat
                    pijakannya.
                """,
            questions=(
                Question(
                    "easy",
                    'Apa gunanya kolom "tafsiran" yang terpisah?',
                    (
                        "Mencegah dugaan dibaca sebagai fakta",
                        "Memperlebar tabel",
                        "Mengganti temuan",
                    ),
                    right=0,
                    because="Temuan punya rujukan, tafsiran belum.",
                ),
                Question(
                    "hard",
                    ("Dua penjelasan cocok dengan bahan yang sama. Langkah berikutnya?"),
                    (
                        "Pilih yang lebih meyakinkan",
                        "Cari bukti yang membedakannya",
                        "Rata-ratakan",
                    ),
                    right=1,
                    because="Tanpa bukti pembeda, pilihan hanyalah selera.",
                ),
            ),
        ),
        LessonItem(
            title="Menyiapkan dan Menindaklanjuti Rapat",
            description=(
                "Agenda dengan keputusan, notulen yang disetujui, dan tindak lanjut "
                "yang benar-benar dikirim."
            ),
            minutes=7,
            content="""
                    Rapat buruk tidak menjadi baik karena notulennya otomatis. Gunakan AI sebelum
                    rapat lebih dulu.

                    ## Sebelum

                    Tempel undangan dan bahan, lalu tanyakan: *Keputusan apa yang dapat diambil dari
                    bahan ini, dan keterangan apa yang masih kurang?* Jika tidak ada keputusan,
                    mungkin rapatnya dapat menjadi surel.

                    ## Selama

                    Bila merekam, mintalah persetujuan semua peserta dan katakan di mana rekamannya
                    disimpan. Transkrip salah mendengar nama dan angka; tunjuk satu orang untuk
                    mencatat keputusan dengan tangan.

                    ## Sesudah

                    Minta rancangan notulen dari catatan: keputusan, penanggung jawab, tenggat.
                    Kirim kepada peserta untuk dikoreksi dalam satu hari. Notulen yang belum
                    disetujui bukan notulen.

                    Rancangan pesan tindak lanjut boleh dibuat sekaligus, satu per penanggung jawab.
                    Kirim setelah Anda membaca masing-masing; pesan kepada orang yang salah lebih
                    merusak daripada pesan yang terlambat.

                    ## Contoh: rapat yang batal

                    Sebuah tim menempelkan bahan rapat bulanan dan menanyakan keputusan apa yang
                    tersedia. Jawabannya: tidak ada; semua butir hanya laporan. Mereka membatalkan
                    rapat, mengirim laporan tertulis, dan meminta pertanyaan masuk dalam dua hari.
                    Tiga pertanyaan datang, satu di antaranya memang layak dibahas. Bulan berikutnya
                    rapat hanya dua puluh menit, dengan satu butir.

                    ## Menjaga yang tidak tertulis

                    Ada hal yang tidak masuk notulen: siapa yang tampak lelah, siapa yang setuju
                    setengah hati. Tidak ada alat yang perlu mencatatnya. Namun Anda perlu
                    menanyakannya sesudah rapat, langsung kepada orangnya. Otomatisasi notulen
                    memberi waktu untuk itu; gunakan untuk itu.
                """,
            questions=(
                Question(
                    "easy",
                    "Apa yang ditanyakan sebelum rapat?",
                    (
                        "Siapa yang terlambat",
                        "Keputusan apa yang dapat diambil dari bahan",
                        "Warna slide",
                    ),
                    right=1,
                    because="Rapat tanpa keputusan sering cukup menjadi surel.",
                ),
                Question(
                    "medium",
                    "Kapan notulen rancangan AI menjadi notulen?",
                    ("Setelah peserta menyetujuinya", "Setelah dicetak", "Begitu rekaman selesai"),
                    right=0,
                    because=("Transkrip dapat salah; persetujuan peserta yang mengesahkan."),
                ),
            ),
        ),
    ),
)
